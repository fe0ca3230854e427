import { AwsError } from '../../kernel/aws-errors';
import type { Deployed } from '../../kernel/deployment';
import { type JsonObject, parseJson, records, text } from '../../kernel/json';
import type { LocalContext, Sender, ServicePrincipal } from '../../kernel/service';
import { parseArn } from '../../../../core/arn';
import * as facts from '../../../../core/facts/events';
import { ruleErrorCode } from './error-codes';
import { targetInput } from './input';
import { nodeOfEvent, type Patterns } from './patterns';
import type { Senders } from './senders';
import { targetFaults } from './target-refusals';
import type { Targets } from './targets';

/** The CloudFormation type of a rule. */
export const RULE = 'AWS::Events::Rule';
const EVENTS = 'events.amazonaws.com';
const PATTERN_OPEN =
  "a part of its EventPattern is known only at deployment; set its parameter in 'templateParameters'";

/** Further facts about an event. */
export interface Published {
  /** Whether it is duplicated or late. */
  readonly disorder?: string;
  /** Its detail as JSON, whose numbers may exceed JavaScript's precision. */
  readonly detail?: string;
  /** Whether another bus forwarded it: then it is not forwarded again. */
  readonly fromBus?: boolean;
  /** The ARNs of the rules that get it; all by default. */
  readonly only?: readonly string[];
}

/** What the rules of a run work with. */
export interface RulesParts {
  readonly context: LocalContext;
  readonly targets: Targets;
  readonly patterns: Patterns;
  /** Targets sent to in other ways than service deliveries. */
  readonly senders: Senders;
}

/** The rules of the templates: which events they match, and where those go. */
export class Rules {
  private readonly judged = new WeakMap<JsonObject, readonly string[]>();
  private readonly open = new WeakMap<JsonObject, boolean>();

  /** @param parts what they work with */
  constructor(private readonly parts: RulesParts) {}

  private get all(): readonly Deployed[] {
    return this.parts.context.deployment.ofType(RULE);
  }

  /**
   * Passes an event to every matching rule of a bus.
   * @returns how many matched
   */
  publish(bus: string, event: JsonObject, published: Published = {}): number {
    const { detail, only } = published;
    const read = nodeOfEvent(event, detail);
    const taking = this.all.filter((rule) => {
      const { EventBusName, EventPattern, State, Targets } = rule.properties;
      return (
        busName(text(EventBusName)) === bus &&
        State !== 'DISABLED' &&
        records(Targets).length <= facts.targetsPerRule.value &&
        this.targetFaults(rule).length === 0 &&
        !this.isOpen(rule) &&
        (only === undefined || only.includes(rule.arn)) &&
        this.parts.patterns.matches(EventPattern, read)
      );
    });
    for (const rule of taking) this.deliver(rule, event, { ...published, stream: true });
    return taking.length;
  }

  /** The roles of its targets. */
  principals(): readonly ServicePrincipal[] {
    return this.all.flatMap((resource) =>
      records(resource.properties.Targets)
        .map(({ RoleArn }) => text(RoleArn))
        .filter((role) => role !== undefined)
        .map((role) => ({ resource, role, service: EVENTS })),
    );
  }

  /** Why EventBridge cannot act for a rule: target roles it may not assume. */
  refusals(rule: Deployed): readonly string[] {
    return this.principals()
      .filter(({ resource }) => resource === rule)
      .map(({ role, service }) => this.parts.context.assume(role, { service, acting: rule }))
      .filter((one) => typeof one === 'string');
  }

  /** Delivers an event to the targets of a rule. */
  fire(rule: Deployed, event: JsonObject): void {
    this.deliver(rule, event, { stream: false });
  }

  /** Why EventBridge refuses a rule, which then matches nothing; undefined if it accepts it. */
  fault(rule: Deployed): string | undefined {
    const { properties, given } = rule;
    const { EventPattern: pattern, ScheduleExpression, EventBusName } = properties;
    if (this.isOpen(rule)) return PATTERN_OPEN;
    const read = pattern === undefined ? undefined : this.parts.patterns.of(pattern);
    if (typeof read === 'string') return read;
    if (ScheduleExpression !== undefined && busName(text(EventBusName)) !== 'default')
      return 'ScheduleExpression is supported only on the default event bus.';
    if (given.EventPattern === undefined && given.ScheduleExpression === undefined)
      return 'Parameter(s) EventPattern or ScheduleExpression must be specified.';
    const count = records(properties.Targets).length;
    const most = facts.targetsPerRule.value;
    if (count > most) return `it has ${count} targets, and a rule has at most ${most}`;
    return this.targetFaults(rule)[0];
  }

  /** Whether a part of its pattern is known only at deployment: without that part it would match other events. */
  isOpen(rule: Deployed): boolean {
    const { properties } = rule;
    const known = this.open.get(properties);
    if (known !== undefined) return known;
    const isOpen = JSON.stringify(rule.given.EventPattern) !== JSON.stringify(properties.EventPattern);
    this.open.set(properties, isOpen);
    return isOpen;
  }

  /** Judged once as long as the properties do not change: they are read with every event. */
  private targetFaults({ properties, given, region }: Deployed): readonly string[] {
    const known = this.judged.get(properties) ?? targetFaults(records(given.Targets), region);
    this.judged.set(properties, known);
    return known;
  }

  private deliver(
    rule: Deployed,
    event: JsonObject,
    { stream, disorder, fromBus }: Published & { readonly stream: boolean },
  ): void {
    const { context, targets, senders } = this.parts;
    const service: Sender = { service: EVENTS, arn: rule.arn };
    for (const target of records(rule.properties.Targets)) {
      const arn = text(target.Arn) ?? '';
      if (fromBus === true && isBusArn(arn)) {
        const said = `NOTE the event ${text(event.id)} came from another bus, so it is not forwarded to ${arn}, as on AWS`;
        context.logs.write(rule.displayName, said);
        continue;
      }
      const role = text(target.RoleArn);
      const send = senders.of(target, event);
      targets.begin({
        target,
        payload: () => payloadFor(arn, targetInput(target, event, rule)),
        sender: role === undefined ? service : context.assume(role, { service: EVENTS, acting: rule }),
        ...(send && { send }),
        fromBus: true,
        deadLetterSender: service,
        deadLetter: event,
        attributes: { RULE_ARN: rule.arn },
        codeOf: ruleErrorCode,
        name: rule.displayName,
        ...(stream && { stream: `${rule.arn} ${text(target.Id)}` }),
        disorder,
      });
    }
  }
}

/** Services whose targets get the text as it is; the others get it parsed as JSON. */
const TEXT = ['sqs', 'sns', 'kinesis'];

/** @throws AwsError when a JSON target would get invalid JSON */
function payloadFor(arn: string, input: string): unknown {
  if (TEXT.includes(parseArn(arn)?.service ?? '')) return input;
  const payload = parseJson(input);
  if (payload !== undefined) return payload;
  throw new AwsError('INVALID_JSON', `The target requires JSON, and its input is not: ${input}`);
}

/** A bus is given by name or ARN; by default it is the default bus. */
export function busName(reference: string | undefined): string {
  return reference?.split('/').at(-1) ?? 'default';
}

/** Whether an ARN is a bus's. */
export function isBusArn(arn: string): boolean {
  const { service, resource } = parseArn(arn) ?? {};
  return service === 'events' && resource?.startsWith('event-bus/') === true;
}
