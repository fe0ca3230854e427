import type { Deployed } from '../../kernel/deployment';
import { EventPattern, PatternError } from '../../../../core/event-pattern/event-pattern';
import { type Node, nodeOf, readJson } from '../../../../core/event-pattern/node';
import { type JsonRecord, records, text } from '../../kernel/json';
import type { LocalContext, Sender, ServicePrincipal } from '../../kernel/service';
import { targetInput } from './input';
import type { Targets } from './targets';

/** The CloudFormation type of a rule. */
export const RULE = 'AWS::Events::Rule';
const EVENTS = 'events.amazonaws.com';

/** What is known of an event besides. */
interface Published {
  /** That it comes twice, or late. */
  readonly disorder?: string;
  /** Its detail as JSON, whose numbers may have more digits than JavaScript keeps. */
  readonly detail?: string;
}

interface Way {
  /** Whether it is one of many events, whose order and number a bus does not keep. */
  readonly stream: boolean;
  /** That it comes twice, or late. */
  readonly disorder?: string;
}

/** The rules of the templates: which events they take, and where these go. */
export class Rules {
  private readonly patterns = new Map<unknown, EventPattern | string>();

  /** What they work with, and what delivers. */
  constructor(
    private readonly context: LocalContext,
    private readonly targets: Targets,
  ) {}

  private get all(): readonly Deployed[] {
    return this.context.deployment.ofType(RULE);
  }

  /**
   * Hands an event to every rule of a bus that takes it.
   * @param about that the event comes twice, or late, and its detail as it was written
   * @returns how many took it
   */
  publish(bus: string, event: JsonRecord, { disorder, detail }: Published = {}): number {
    const read = withDetail(event, detail);
    const taking = this.all.filter(
      ({ properties: { EventBusName, EventPattern, State } }) =>
        busName(text(EventBusName)) === bus &&
        State !== 'DISABLED' &&
        this.patternOf(EventPattern)?.matches(read) === true,
    );
    for (const rule of taking) this.deliver(rule, event, { stream: true, ...(disorder !== undefined && { disorder }) });
    return taking.length;
  }

  /** The roles of their targets. */
  principals(): readonly ServicePrincipal[] {
    return this.all.flatMap((resource) =>
      records(resource.properties.Targets)
        .map(({ RoleArn }) => text(RoleArn))
        .filter((role) => role !== undefined)
        .map((role) => ({ resource, role, service: EVENTS })),
    );
  }

  /** Why EventBridge cannot act for a rule: roles of its targets that it may not assume. */
  refusals(rule: Deployed): readonly string[] {
    return this.principals()
      .filter(({ resource }) => resource === rule)
      .map(({ role, service }) => this.context.assume(role, { service, acting: rule }))
      .filter((one) => typeof one === 'string');
  }

  /** Delivers an event to the targets of a rule. */
  fire(rule: Deployed, event: JsonRecord): void {
    this.deliver(rule, event, { stream: false });
  }

  /** Why EventBridge refuses the pattern of a rule; undefined where it takes it. */
  patternFault({ properties: { EventPattern: pattern } }: Deployed): string | undefined {
    const read = pattern === undefined ? undefined : this.compiled(pattern);
    return read instanceof EventPattern ? undefined : read;
  }

  private patternOf(pattern: unknown): EventPattern | undefined {
    const read = pattern === undefined ? undefined : this.compiled(pattern);
    return read instanceof EventPattern ? read : undefined;
  }

  private compiled(pattern: unknown): EventPattern | string {
    const known = this.patterns.get(pattern);
    if (known !== undefined) return known;
    const made = compile(pattern);
    this.patterns.set(pattern, made);
    return made;
  }

  private deliver(rule: Deployed, event: JsonRecord, { stream, disorder }: Way): void {
    const service: Sender = { service: EVENTS, arn: rule.arn };
    for (const target of records(rule.properties.Targets)) {
      const role = text(target.RoleArn);
      this.targets.begin({
        target,
        payload: targetInput(target, event, rule),
        sender: role === undefined ? service : this.context.assume(role, { service: EVENTS, acting: rule }),
        deadLetterSender: service,
        deadLetter: event,
        attributes: { RULE_ARN: rule.arn },
        name: rule.displayName,
        ...(stream && { stream: `${rule.arn} ${text(target.Id)}` }),
        ...(disorder !== undefined && { disorder }),
      });
    }
  }
}

/** A bus is named by its name or its ARN; without either it is the default bus. */
export function busName(reference: string | undefined): string {
  return reference?.split('/').at(-1) ?? 'default';
}

/** A pattern, which templates write as an object or as JSON; otherwise why EventBridge refuses it. */
function compile(pattern: unknown): EventPattern | string {
  try {
    return new EventPattern(
      (typeof pattern === 'string' ? readJson(pattern) : nodeOf(pattern)) ?? { kind: 'open' },
      'bus',
    );
  } catch (error) {
    if (error instanceof PatternError) return `Event pattern is not valid. Reason: ${error.message}`;
    throw error;
  }
}

function withDetail(event: JsonRecord, detail: string | undefined): Node {
  const read = detail === undefined ? undefined : readJson(detail);
  const members = Object.entries(event).map(
    ([name, value]) => [name, (name === 'detail' ? read : undefined) ?? nodeOf(value)] as const,
  );
  return { kind: 'object', members };
}
