import type { Acknowledgement, Model, Resource, Template, UnreadKind } from '../core/model/model';
import { type Unread, unreadIn } from '../core/model/unread';
import { AcknowledgementIndex, hasExpired, ownAcknowledgements, type ParsedAcknowledgement } from './acknowledgements';
import { madeByCdk } from './attribution';
import {
  acknowledgementId,
  distinguish,
  findingName,
  NAMESPACE,
  Places,
  stableDetail,
  templateLabel,
} from './identity';
import {
  expiredAcknowledgement,
  JUDGEMENT_RULES,
  malformedAcknowledgement,
  staleAcknowledgement,
  UNREAD_RULES,
} from './judgement-rules';
import { OFFICIAL_ID, OFFICIAL_NAMESPACE } from './official/official-rules';
import {
  type AcknowledgedFinding,
  type Report,
  type ReportedFailure,
  type ReportedFinding,
  type ReportedUnread,
  reportOf,
} from './report/report';
import type { Finding, Rule, Undecided } from './rule';
import { type MalformedAcknowledgement, templateAcknowledgements } from './template-acknowledgements';
import { Scenarios } from './scenarios';

/** How to judge a model. */
export interface JudgeOptions {
  /** The rules. */
  readonly rules: readonly Rule[];
  /**
   * Ids of all existing rules; an acknowledgement of one that does not run here is left alone.
   * @default - those of `rules`
   */
  readonly known?: readonly string[];
  /**
   * Names of the templates to report on; the others only give context.
   * @default - all of the model
   */
  readonly templates?: ReadonlySet<string>;
  /**
   * The acknowledgements.
   * @default - those in the model
   */
  readonly acknowledgements?: readonly Acknowledgement[];
  /**
   * The day against which the expiry of acknowledgements is checked, as YYYY-MM-DD.
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
  const { acknowledged, malformed } = templateAcknowledgements(model);
  const index = new AcknowledgementIndex([...ownAcknowledgements(acknowledgements), ...acknowledged]);
  return new Judging(model, rules, known, templates, index, malformed, today).report();
}

type RuleText = Omit<Rule, 'check'>;

class Judging {
  private readonly findings: ReportedFinding[] = [];
  private readonly unknown: ReportedFinding[] = [];
  private readonly unread: ReportedUnread[] = [];
  private readonly acknowledged: AcknowledgedFinding[] = [];
  private readonly failures: ReportedFailure[] = [];
  private readonly judged = new Set<string>();
  /** The position of a finding's resource among all resources. */
  private readonly order = new Map<ReportedFinding, number>();
  private readonly positions: ReadonlyMap<Resource, number>;
  private readonly places: Places;
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
    this.places = new Places(model);
    this.positions = new Map([...model.resources.values()].map((resource, index) => [resource, index]));
  }

  report(): Report {
    const scenarios = Scenarios.of(this.model);
    for (const rule of this.rules) this.run(rule, scenarios);
    const types = scenarios.askedTypes;
    for (const one of unreadIn(this.model, types)) this.addUnread(one);
    this.judgeAcknowledgements();
    distinguish([...this.findings, ...this.unknown, ...this.unread, ...this.acknowledged]);
    const byResource = (one: ReportedFinding, other: ReportedFinding): number =>
      this.order.get(one)! - this.order.get(other)! || 0;
    return reportOf({
      findings: this.findings.sort(byResource),
      unknown: this.unknown.sort(byResource),
      unread: this.unread.sort(byResource),
      acknowledged: this.acknowledged.sort(byResource),
      failures: [...this.model.failures.map(({ file, message }) => ({ template: file, message })), ...this.failures],
      unjudged: this.unjudged(types),
    });
  }

  private run(rule: Rule, scenarios: Scenarios): void {
    const { judgements, broken } = scenarios.judgements(rule);
    for (const judgement of judgements) {
      if ('failure' in judgement) this.failed(rule, judgement.failure, judgement.resource);
      else this.add(rule, judgement);
    }
    if (broken !== undefined) this.failed(rule, broken instanceof Error ? broken.message : String(broken));
  }

  private addUnread({ kind, resource, property, reason }: Unread): void {
    this.add(UNREAD_RULES[kind], { resource, property, reason }, kind);
  }

  /** Templates without a resource of a type that any rule reads. */
  private unjudged(types: ReadonlySet<string>): string[] {
    const read = new Set(this.judged);
    for (const { template, type } of this.model.resources.values()) {
      if (!read.has(template) && types.has(type)) read.add(template);
    }
    return [...this.templates].filter((name) => !read.has(name)).map((name) => templateLabel(this.model, name));
  }

  private add(rule: RuleText, judgement: Finding | Undecided, kind?: UnreadKind): void {
    const { resource } = judgement;
    if (!this.templates.has(resource.template)) return;
    if (rule.tool === undefined) this.judged.add(resource.template);
    const detail = 'message' in judgement ? this.detailOf(judgement) : undefined;
    const reported = this.reported(rule, judgement, { detail, unread: kind !== undefined });
    // Anything outside the resources comes first.
    const position = this.positions.get(resource) ?? -1;
    this.order.set(reported, position);
    const acknowledgement = this.acknowledgements.find(resource, [
      acknowledgementId(rule.id, detail),
      acknowledgementId(rule.id),
      ...(rule.tool === undefined ? [] : [`${rule.tool}::${rule.id}`]),
    ]);
    if (acknowledgement) this.used.add(acknowledgement);
    const maker = madeByCdk(resource);
    if (acknowledgement && !hasExpired(acknowledgement, this.today)) {
      const { id, path, reason, expires, on } = acknowledgement;
      const by = { id, path: on ? this.places.of(on.resource) : path, in: on ? ('template' as const) : undefined };
      this.accept({ ...reported, reason, expires, by }, position);
    } else if (kind === undefined && maker !== undefined) {
      this.accept({ ...reported, reason: `made by aws-cdk-lib itself: ${maker}` }, position);
    } else if (kind !== undefined) {
      this.unread.push(withMember(reported, 'kind', kind));
    } else if ('message' in judgement)
      this.findings.push(acknowledgement ? withMember(reported, 'expired', true) : reported);
    else this.unknown.push(reported);
  }

  private accept(finding: AcknowledgedFinding, position: number): void {
    this.order.set(finding, position);
    this.acknowledged.push(finding);
  }

  private detailOf({ resource, detail }: Finding): string | undefined {
    return detail === undefined ? undefined : stableDetail(this.model, resource, detail);
  }

  private reported(
    rule: RuleText,
    judgement: Finding | Undecided,
    { detail, unread }: { readonly detail?: string; readonly unread: boolean },
  ): ReportedFinding {
    const { resource, property } = judgement;
    const finding = 'message' in judgement ? judgement : undefined;
    const kind = finding ? '' : '?';
    const id = `${findingName(rule.id, detail)}${kind}:${this.places.of(resource)}`;
    const { model } = this;
    const { words } = resource;
    const message = finding?.message ?? (judgement as Undecided).reason;
    const remedy = finding ? (finding.remedy ?? rule.fix) : unread ? rule.fix : undefined;
    return {
      id,
      rule: rule.id,
      severity: rule.severity,
      tool: rule.tool,
      template: templateLabel(model, resource.template),
      resource: resource.logicalId,
      path: resource.path,
      property: property && (words?.property(property) ?? property),
      message: words?.text(message) ?? message,
      remedy: remedy && (words?.text(remedy) ?? remedy),
      // Read when a reporter asks: finding a line means scanning the template, or the stack of a constructor.
      get origin() {
        return resource.origin;
      },
      get location() {
        if (property === undefined) return resource.location;
        const path = ['Resources', resource.logicalId, 'Properties', ...property.split('.')];
        return model.templates.get(resource.template)?.locate?.(path) ?? resource.location;
      },
      acknowledge: acknowledgementId(rule.id, detail),
    };
  }

  private failed(rule: Rule, failure: string, resource?: Resource): void {
    this.failures.push({
      template: resource ? templateLabel(this.model, resource.template) : [...this.model.templates.keys()].join(', '),
      message: `rule ${rule.id} failed${resource ? ` on ${this.places.of(resource)}` : ''}: ${failure}`,
    });
  }

  private judgeAcknowledgements(): void {
    for (const { resource, faults } of this.malformed) {
      this.add(malformedAcknowledgement, { resource, message: faults.join('; ') });
    }
    for (const acknowledgement of this.acknowledgements.all) {
      if (this.used.has(acknowledgement)) {
        if (!hasExpired(acknowledgement, this.today)) continue;
        const why = acknowledgement.invalid ?? `it expired on ${acknowledgement.expires}`;
        this.warn(
          expiredAcknowledgement,
          acknowledgement,
          `the acknowledgement of ${acknowledgement.id} does not hold: ${why}`,
        );
        continue;
      }
      // CDK acknowledges its validator's findings on CDK's own resources in advance, whether or not there are any.
      if (acknowledgement.id.startsWith(OFFICIAL_NAMESPACE)) continue;
      const rule = acknowledgement.id.slice(`${NAMESPACE}::`.length).replace(/\[.*$/s, '');
      if (OFFICIAL_ID.test(rule) && !this.rules.some(({ id }) => id === rule)) continue;
      const exists =
        this.known.includes(rule) ||
        this.rules.some(({ id }) => id === rule) ||
        JUDGEMENT_RULES.some(({ id }) => id === rule);
      if (exists && this.known.includes(rule) && !this.rules.some(({ id }) => id === rule)) continue;
      const why = exists ? 'matches no finding any more' : 'names no rule';
      this.warn(staleAcknowledgement, acknowledgement, `the acknowledgement of ${acknowledgement.id} ${why}`);
    }
  }

  private warn(rule: RuleText, acknowledgement: ParsedAcknowledgement, message: string): void {
    const template = this.templateOf(acknowledgement);
    if (template && !this.templates.has(template.name)) return;
    const { resource } = acknowledgement.on ?? {};
    const place = resource ? this.places.of(resource) : acknowledgement.path;
    const finding: ReportedFinding = {
      id: `${findingName(rule.id, acknowledgement.id.replace(/^\w+::/, ''))}:${place}`,
      rule: rule.id,
      severity: rule.severity,
      template: template ? templateLabel(this.model, template.name) : [...this.model.templates.keys()][0]!,
      resource: resource?.logicalId,
      path: resource ? resource.path : acknowledgement.path,
      message,
      remedy: rule.fix,
      location: resource?.location,
      acknowledge: acknowledgementId(rule.id),
    };
    this.order.set(finding, Infinity);
    this.findings.push(finding);
  }

  /** The template of an acknowledgement: its resource's, or the innermost stack around its construct. */
  private templateOf({ path, on, within }: ParsedAcknowledgement): Template | undefined {
    if (on) return this.model.templates.get(on.resource.template);
    return [...this.model.templates.values()]
      .filter(({ name }) => within === undefined || `${name}/`.startsWith(`${within}/`))
      .filter(
        (template) => template.path !== undefined && (path === template.path || path.startsWith(`${template.path}/`)),
      )
      .sort((one, other) => other.path!.length - one.path!.length)[0];
  }
}

/** Not a spread, which would look up the location. */
function withMember<N extends string, V>(finding: ReportedFinding, name: N, value: V): ReportedFinding & Record<N, V> {
  return Object.defineProperty(finding, name, { value, enumerable: true }) as ReportedFinding & Record<N, V>;
}
