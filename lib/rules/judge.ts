import { type Acknowledgement, type Model, type Resource, type Template } from '../core/model/model';
import { AcknowledgementIndex, hasExpired, ownAcknowledgements, type ParsedAcknowledgement } from './acknowledgements';
import { madeByCdk } from './attribution';
import { acknowledgementId, findingName, Ids, NAMESPACE, placeOf, templateLabel } from './identity';
import {
  expiredAcknowledgement,
  JUDGEMENT_RULES,
  malformedAcknowledgement,
  nestedStackTemplate,
  staleAcknowledgement,
  unexpandedResource,
} from './judgement-rules';
import {
  type AcknowledgedFinding,
  type Report,
  type ReportedFailure,
  type ReportedFinding,
  reportOf,
} from './report/report';
import { type Finding, type Rule, RuleContext, type Undecided } from './rule';
import { type MalformedAcknowledgement, templateAcknowledgements } from './template-acknowledgements';

/** How a model is judged. */
export interface JudgeOptions {
  /** The rules. */
  readonly rules: readonly Rule[];
  /**
   * Ids of all rules that there are; an acknowledgement of one that is not run here is left alone.
   * @default - those of `rules`
   */
  readonly known?: readonly string[];
  /**
   * Names of the templates that are reported on; the others are only looked at.
   * @default - all of the model
   */
  readonly templates?: ReadonlySet<string>;
  /**
   * What was acknowledged.
   * @default - what the model notes
   */
  readonly acknowledgements?: readonly Acknowledgement[];
  /**
   * The day on which acknowledgements are held against their expiry, as YYYY-MM-DD.
   * @default - today
   */
  readonly today?: string;
}

/** Judges a model by rules. An error inside a rule is a failure in the report, and the others still judge. */
export function judge(model: Model, options: JudgeOptions): Report {
  const {
    rules,
    known = rules.map(({ id }) => id),
    templates = new Set(model.templates.keys()),
    acknowledgements = model.acknowledgements,
    today = new Date().toISOString().slice(0, 10),
  } = options;
  const { said, malformed } = templateAcknowledgements(model);
  const index = new AcknowledgementIndex([...ownAcknowledgements(acknowledgements), ...said]);
  return new Judging(model, rules, known, templates, index, malformed, today).report();
}

type RuleText = Omit<Rule, 'check'>;

class Judging {
  private readonly findings: ReportedFinding[] = [];
  private readonly unknown: ReportedFinding[] = [];
  private readonly acknowledged: AcknowledgedFinding[] = [];
  private readonly failures: ReportedFailure[] = [];
  private readonly ids = new Ids();
  /** Where the resource of a finding stands among all resources. */
  private readonly order = new Map<ReportedFinding, number>();
  private readonly positions: ReadonlyMap<Resource, number>;
  private readonly places = new Map<Resource, string>();
  private readonly used = new Set<ParsedAcknowledgement>();

  constructor(
    private readonly model: Model,
    private readonly rules: readonly Rule[],
    private readonly known: readonly string[],
    private readonly templates: ReadonlySet<string>,
    private readonly acknowledgements: AcknowledgementIndex,
    private readonly malformed: readonly MalformedAcknowledgement[],
    private readonly today: string,
  ) {
    this.positions = new Map([...model.resources.values()].map((resource, index) => [resource, index]));
  }

  report(): Report {
    const context = new RuleContext(this.model);
    for (const rule of this.rules) this.run(rule, context);
    this.unread();
    this.judgeAcknowledgements();
    const byResource = (one: ReportedFinding, other: ReportedFinding): number =>
      this.order.get(one)! - this.order.get(other)! || 0;
    return reportOf({
      findings: this.findings.sort(byResource),
      unknown: this.unknown.sort(byResource),
      acknowledged: this.acknowledged.sort(byResource),
      failures: this.failures,
    });
  }

  private run(rule: Rule, context: RuleContext): void {
    try {
      for (const judgement of rule.check(context)) {
        if ('failure' in judgement) this.failed(rule, judgement.failure, judgement.resource);
        else this.add(rule, judgement);
      }
    } catch (error) {
      this.failed(rule, error instanceof Error ? error.message : String(error));
    }
  }

  private add(rule: RuleText, judgement: Finding | Undecided): void {
    const { resource } = judgement;
    if (!this.templates.has(resource.template)) return;
    const detail = 'message' in judgement ? judgement.detail : undefined;
    const reported = this.reported(rule, judgement);
    const position = this.positions.get(resource)!;
    this.order.set(reported, position);
    const said = this.acknowledgements.find(resource, [acknowledgementId(rule.id, detail), acknowledgementId(rule.id)]);
    if (said) this.used.add(said);
    const maker = madeByCdk(resource);
    if (said && !hasExpired(said, this.today)) {
      const { id, path, reason, expires, on } = said;
      const by = { id, path: on ? this.placeOf(on.resource) : path, in: on ? ('template' as const) : undefined };
      this.accept({ ...reported, reason, expires, by }, position);
    } else if (maker !== undefined) {
      this.accept({ ...reported, reason: `made by aws-cdk-lib itself: ${maker}` }, position);
    } else if ('message' in judgement) this.findings.push(said ? withExpired(reported) : reported);
    else this.unknown.push(reported);
  }

  private accept(finding: AcknowledgedFinding, position: number): void {
    this.order.set(finding, position);
    this.acknowledged.push(finding);
  }

  private reported(rule: RuleText, judgement: Finding | Undecided): ReportedFinding {
    const { resource, property } = judgement;
    const finding = 'message' in judgement ? judgement : undefined;
    const name = findingName(rule.id, finding?.detail);
    const kind = finding ? '' : '?';
    const id = this.ids.next(`${name}${kind}:${this.placeOf(resource)}`);
    const { model } = this;
    return {
      id,
      rule: rule.id,
      severity: rule.severity,
      template: templateLabel(model, resource.template),
      resource: resource.logicalId,
      path: resource.path,
      property,
      message: finding?.message ?? (judgement as Undecided).reason,
      remedy: finding && (finding.remedy ?? rule.fix),
      // Read when a reporter asks: finding a line means scanning the template, or the stack of a constructor.
      get origin() {
        return resource.origin;
      },
      get location() {
        if (property === undefined) return resource.location;
        const path = ['Resources', resource.logicalId, 'Properties', ...property.split('.')];
        return model.templates.get(resource.template)?.locate?.(path) ?? resource.location;
      },
      acknowledge: acknowledgementId(rule.id, finding?.detail),
    };
  }

  private placeOf(resource: Resource): string {
    let place = this.places.get(resource);
    if (place === undefined) this.places.set(resource, (place = placeOf(this.model, resource)));
    return place;
  }

  private failed(rule: Rule, failure: string, resource?: Resource): void {
    this.failures.push({
      template: resource ? templateLabel(this.model, resource.template) : [...this.model.templates.keys()].join(', '),
      message: `rule ${rule.id} failed${resource ? ` on ${placeOf(this.model, resource)}` : ''}: ${failure}`,
    });
  }

  /** What is deployed and was not read. */
  private unread(): void {
    const parents = new Set([...this.model.templates.values()].map(({ parent }) => parent?.resource));
    for (const resource of this.model.resources.values()) {
      if (parents.has(resource.id)) continue;
      if (resource.type === 'AWS::CloudFormation::Stack' || resource.type === 'AWS::Serverless::Application') {
        this.add(nestedStackTemplate, {
          resource,
          reason: 'the template of the nested stack is not part of what was read',
        });
      } else if (resource.type.startsWith('AWS::Serverless::')) {
        this.add(unexpandedResource, { resource, reason: `what ${resource.type} stands for is not known here` });
      }
    }
  }

  private judgeAcknowledgements(): void {
    for (const { resource, faults } of this.malformed) {
      this.add(malformedAcknowledgement, { resource, message: faults.join('; ') });
    }
    for (const said of this.acknowledgements.all) {
      if (this.used.has(said)) {
        if (!hasExpired(said, this.today)) continue;
        const why = said.invalid ?? `it expired on ${said.expires}`;
        this.warn(expiredAcknowledgement, said, `the acknowledgement of ${said.id} does not hold: ${why}`);
        continue;
      }
      const rule = said.id.slice(`${NAMESPACE}::`.length).replace(/\[.*$/s, '');
      const exists = this.known.includes(rule) || JUDGEMENT_RULES.some(({ id }) => id === rule);
      if (exists && this.known.includes(rule) && !this.rules.some(({ id }) => id === rule)) continue;
      const why = exists ? 'matches no finding any more' : 'names no rule';
      this.warn(staleAcknowledgement, said, `the acknowledgement of ${said.id} ${why}`);
    }
  }

  private warn(rule: RuleText, said: ParsedAcknowledgement, message: string): void {
    const template = this.templateOf(said);
    if (template && !this.templates.has(template.name)) return;
    const { resource } = said.on ?? {};
    const place = resource ? this.placeOf(resource) : said.path;
    const finding: ReportedFinding = {
      id: this.ids.next(`${findingName(rule.id, said.id.replace(/^\w+::/, ''))}:${place}`),
      rule: rule.id,
      severity: rule.severity,
      template: template ? templateLabel(this.model, template.name) : [...this.model.templates.keys()][0]!,
      resource: resource?.logicalId,
      path: resource ? resource.path : said.path,
      message,
      remedy: rule.fix,
      location: resource?.location,
      acknowledge: acknowledgementId(rule.id),
    };
    this.order.set(finding, Infinity);
    this.findings.push(finding);
  }

  /** The template that an acknowledgement stands in: the one of its resource, or the innermost stack around its construct. */
  private templateOf({ path, on }: ParsedAcknowledgement): Template | undefined {
    if (on) return this.model.templates.get(on.resource.template);
    return [...this.model.templates.values()]
      .filter(
        (template) => template.path !== undefined && (path === template.path || path.startsWith(`${template.path}/`)),
      )
      .sort((one, other) => other.path!.length - one.path!.length)[0];
  }
}

/** Not by spreading, which would look the location up. */
function withExpired(finding: ReportedFinding): ReportedFinding {
  return Object.defineProperty(finding, 'expired', { value: true, enumerable: true });
}
