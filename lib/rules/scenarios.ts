import { indexed } from '../core/model/indexed';
import { Model, type Resource } from '../core/model/model';
import { type Assumptions, inWords } from '../core/model/select';
import { settled } from '../core/model/scenarios';
import type { ValueMap } from '../core/model/values';
import { type Judgement, type Rule, RuleContext } from './rule';

/** A model as it can be deployed: of conditional resources, those that exist together. */
interface Scenario {
  readonly context: RuleContext;
  /** The assumptions in each template. */
  readonly holds: ReadonlyMap<string, Assumptions>;
}

/** A rule's verdicts on a model. */
export interface Judged {
  readonly judgements: readonly Judgement[];
  /** What it threw afterwards. */
  readonly broken?: unknown;
}

/**
 * Judges a model in every way it can be deployed. Rules that look across resources see only what exists together: of
 * two resources with opposite conditions, neither incriminates nor excuses the other.
 */
export class Scenarios {
  /** The scenarios of a model, computed once. */
  static readonly of: (model: Model) => Scenarios = indexed((model) => new Scenarios(model));

  private readonly scenarios: readonly Scenario[];
  private readonly results = new Map<Rule, Judged>();

  private constructor(private readonly model: Model) {
    const byTemplate = new Map(
      [...model.templates.values()]
        .map(({ name, scenarios }) => [name, scenarios?.() ?? []] as const)
        .filter(([, scenarios]) => scenarios.length > 0),
    );
    const count = Math.max(1, ...[...byTemplate.values()].map(({ length }) => length));
    this.scenarios =
      byTemplate.size === 0
        ? [{ context: new RuleContext(model), holds: new Map() }]
        : Array.from({ length: count }, (_, index) => {
            const holds = new Map(
              [...byTemplate].map(([name, scenarios]) => [name, scenarios[index % scenarios.length]!]),
            );
            return { context: new RuleContext(restricted(model, holds)), holds };
          });
  }

  /** The types that rules asked for. */
  get askedTypes(): ReadonlySet<string> {
    return new Set(this.scenarios.flatMap(({ context }) => [...context.model.askedTypes]));
  }

  /**
   * A rule's verdicts, each with its conditions unless it always applies. Computed once, since neither the model nor
   * the rule changes.
   */
  judgements(rule: Rule): Judged {
    const known = this.results.get(rule);
    if (known) return known;
    const judgements: Judgement[] = [];
    let broken: unknown;
    try {
      for (const judgement of this.inScenarios(rule)) judgements.push(judgement);
    } catch (error) {
      broken = error;
    }
    const result = { judgements, broken };
    this.results.set(rule, result);
    return result;
  }

  private *inScenarios(rule: Rule): Iterable<Judgement> {
    const [only, ...more] = this.scenarios;
    if (more.length === 0) return yield* rule.check(only!.context);
    const byKey = new Map<string, { readonly judgement: Judgement; readonly scenarios: Scenario[] }>();
    for (const scenario of this.scenarios) {
      for (const judgement of rule.check(scenario.context)) {
        const key = keyOf(judgement);
        const known = byKey.get(key);
        if (known) known.scenarios.push(scenario);
        else byKey.set(key, { judgement, scenarios: [scenario] });
      }
    }
    for (const { judgement, scenarios } of byKey.values()) yield this.withCondition(judgement, scenarios);
  }

  private withCondition(judgement: Judgement, scenarios: readonly Scenario[]): Judgement {
    // A stand-in for a parameter or an output is not a resource of the model.
    const resource = judgement.resource && (this.model.resources.get(judgement.resource.id) ?? judgement.resource);
    if (!resource || 'failure' in judgement) return { ...judgement, resource } as Judgement;
    const holds = (scenario: Scenario): Assumptions => scenario.holds.get(resource.template) ?? {};
    const existing = this.scenarios.filter((scenario) => exists(resource, holds(scenario))).map(holds);
    const words = inWords(difference(scenarios.map(holds), existing));
    return 'message' in judgement
      ? { ...judgement, resource, message: `${judgement.message}${words}` }
      : { ...judgement, resource, reason: `${judgement.reason}${words}` };
  }
}

function keyOf(judgement: Judgement): string {
  const text =
    'message' in judgement ? judgement.message : 'reason' in judgement ? judgement.reason : judgement.failure;
  const { property = '' } = 'failure' in judgement ? {} : judgement;
  const { detail = '', remedy = '' } = 'message' in judgement ? judgement : {};
  return [judgement.resource?.id ?? '', property, detail, text, remedy].join('\n');
}

/** The model restricted to what exists in a scenario, with its choices decided. */
function restricted(model: Model, holds: ReadonlyMap<string, Assumptions>): Model {
  const resources = [...model.resources.values()].flatMap((resource) => {
    const scenario = holds.get(resource.template);
    if (!scenario) return [resource];
    if (!exists(resource, scenario)) return [];
    const properties = settled(resource.properties, scenario) as ValueMap;
    if (properties === resource.properties) return [resource];
    // Inherits the rest: locations are looked up lazily.
    const copy: Resource = Object.create(resource, { properties: { value: properties, enumerable: true } }) as Resource;
    return [copy];
  });
  return new Model([...model.templates.values()], resources, model.acknowledgements, model.failures);
}

function exists({ attributes: { condition } }: Resource, scenario: Assumptions): boolean {
  return condition === undefined || !Object.hasOwn(scenario, condition) || scenario[condition] === true;
}

/** What distinguishes some scenarios from the rest; nothing if they are all of them. */
function difference(some: readonly Assumptions[], all: readonly Assumptions[]): Assumptions {
  const others = all.filter((scenario) => !some.includes(scenario));
  const [first] = some;
  if (others.length === 0 || !first) return {};
  const constant = Object.entries(first).filter(([name, value]) => some.every((scenario) => scenario[name] === value));
  const tells = ([name, value]: [string, boolean]): boolean => others.every((scenario) => scenario[name] === !value);
  const alone = constant.find((one) => one[1] && tells(one)) ?? constant.find(tells);
  const distinguishing = alone
    ? [alone]
    : constant.filter(([name, value]) => others.some((scenario) => scenario[name] === !value));
  return Object.fromEntries(distinguishing);
}
