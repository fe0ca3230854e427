import { indexed } from '../core/model/indexed';
import { Model, type Resource } from '../core/model/model';
import { type Assumptions, inWords } from '../core/model/select';
import { settled } from '../core/model/worlds';
import type { ValueMap } from '../core/model/values';
import { type Judgement, type Rule, RuleContext } from './rule';

/** A model as it can be deployed: of conditional resources, those that exist together. */
interface World {
  readonly context: RuleContext;
  /** The assumptions in each template. */
  readonly holds: ReadonlyMap<string, Assumptions>;
}

/** A rule's verdicts on a model. */
export interface Said {
  readonly judgements: readonly Judgement[];
  /** What it threw afterwards. */
  readonly broken?: unknown;
}

/**
 * Judges a model in every way it can be deployed. Rules that look across resources see only what exists together: of
 * two resources with opposite conditions, neither incriminates nor excuses the other.
 */
export class Worlds {
  /** The worlds of a model, computed once. */
  static readonly of: (model: Model) => Worlds = indexed((model) => new Worlds(model));

  private readonly worlds: readonly World[];
  private readonly said = new Map<Rule, Said>();

  private constructor(private readonly model: Model) {
    const byTemplate = new Map(
      [...model.templates.values()]
        .map(({ name, worlds }) => [name, worlds?.() ?? []] as const)
        .filter(([, worlds]) => worlds.length > 0),
    );
    const count = Math.max(1, ...[...byTemplate.values()].map(({ length }) => length));
    this.worlds =
      byTemplate.size === 0
        ? [{ context: new RuleContext(model), holds: new Map() }]
        : Array.from({ length: count }, (_, index) => {
            const holds = new Map([...byTemplate].map(([name, worlds]) => [name, worlds[index % worlds.length]!]));
            return { context: new RuleContext(restricted(model, holds)), holds };
          });
  }

  /** The types that rules asked for. */
  get askedTypes(): ReadonlySet<string> {
    return new Set(this.worlds.flatMap(({ context }) => [...context.model.askedTypes]));
  }

  /**
   * A rule's verdicts, each with its conditions unless it always applies. Computed once, since neither the model nor
   * the rule changes.
   */
  judgements(rule: Rule): Said {
    const known = this.said.get(rule);
    if (known) return known;
    const judgements: Judgement[] = [];
    let broken: unknown;
    try {
      for (const judgement of this.asked(rule)) judgements.push(judgement);
    } catch (error) {
      broken = error;
    }
    const said = { judgements, broken };
    this.said.set(rule, said);
    return said;
  }

  private *asked(rule: Rule): Iterable<Judgement> {
    const [only, ...more] = this.worlds;
    if (more.length === 0) return yield* rule.check(only!.context);
    const said = new Map<string, { readonly judgement: Judgement; readonly worlds: World[] }>();
    for (const world of this.worlds) {
      for (const judgement of rule.check(world.context)) {
        const key = keyOf(judgement);
        const known = said.get(key);
        if (known) known.worlds.push(world);
        else said.set(key, { judgement, worlds: [world] });
      }
    }
    for (const { judgement, worlds } of said.values()) yield this.told(judgement, worlds);
  }

  private told(judgement: Judgement, worlds: readonly World[]): Judgement {
    // A stand-in for a parameter or an output is not a resource of the model.
    const resource = judgement.resource && (this.model.resources.get(judgement.resource.id) ?? judgement.resource);
    if (!resource || 'failure' in judgement) return { ...judgement, resource } as Judgement;
    const holds = (world: World): Assumptions => world.holds.get(resource.template) ?? {};
    const existing = this.worlds.filter((world) => exists(resource, holds(world))).map(holds);
    const words = inWords(difference(worlds.map(holds), existing));
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

/** The model restricted to what exists in a world, with its choices decided. */
function restricted(model: Model, holds: ReadonlyMap<string, Assumptions>): Model {
  const resources = [...model.resources.values()].flatMap((resource) => {
    const world = holds.get(resource.template);
    if (!world) return [resource];
    if (!exists(resource, world)) return [];
    const properties = settled(resource.properties, world) as ValueMap;
    if (properties === resource.properties) return [resource];
    // Inherits the rest: locations are looked up lazily.
    const copy: Resource = Object.create(resource, { properties: { value: properties, enumerable: true } }) as Resource;
    return [copy];
  });
  return new Model([...model.templates.values()], resources, model.acknowledgements, model.failures);
}

function exists({ attributes: { condition } }: Resource, world: Assumptions): boolean {
  return condition === undefined || !Object.hasOwn(world, condition) || world[condition] === true;
}

/** What distinguishes some worlds from the rest; nothing if they are all of them. */
function difference(some: readonly Assumptions[], all: readonly Assumptions[]): Assumptions {
  const others = all.filter((world) => !some.includes(world));
  const [first] = some;
  if (others.length === 0 || !first) return {};
  const constant = Object.entries(first).filter(([name, value]) => some.every((world) => world[name] === value));
  const tells = ([name, value]: [string, boolean]): boolean => others.every((world) => world[name] === !value);
  const alone = constant.find((one) => one[1] && tells(one)) ?? constant.find(tells);
  const telling = alone ? [alone] : constant.filter(([name, value]) => others.some((world) => world[name] === !value));
  return Object.fromEntries(telling);
}
