import { AwsError } from '../../kernel/aws-errors';
import type { Deployed } from '../../kernel/deployment';
import { type JsonRecord, parseJson, records, text } from '../../kernel/json';
import type { LocalContext, Sender, ServicePrincipal } from '../../kernel/service';
import { parseArn } from '../../../../core/arn';
import * as facts from '../../../../core/facts/events';
import { ruleErrorCode } from './error-codes';
import { targetInput } from './input';
import { nodeOfEvent, type Patterns } from './patterns';
import type { Senders } from './senders';
import type { Targets } from './targets';

/** The CloudFormation type of a rule. */
export const RULE = 'AWS::Events::Rule';
const EVENTS = 'events.amazonaws.com';

/** What is known of an event besides. */
export interface Published {
  /** That it comes twice, or late. */
  readonly disorder?: string;
  /** Its detail as JSON, whose numbers may have more digits than JavaScript keeps. */
  readonly detail?: string;
  /** Whether another bus has handed it on: then it goes no further. */
  readonly fromBus?: boolean;
  /** The ARNs of the rules that get it; by default all. */
  readonly only?: readonly string[];
}

/** What the rules of a run work with. */
export interface RulesParts {
  readonly context: LocalContext;
  readonly targets: Targets;
  readonly patterns: Patterns;
  /** Targets that no service takes deliveries for. */
  readonly senders: Senders;
}

/** The rules of the templates: which events they take, and where these go. */
export class Rules {
  /** @param parts what they work with */
  constructor(private readonly parts: RulesParts) {}

  private get all(): readonly Deployed[] {
    return this.parts.context.deployment.ofType(RULE);
  }

  /**
   * Hands an event to every rule of a bus that takes it.
   * @returns how many took it
   */
  publish(bus: string, event: JsonRecord, published: Published = {}): number {
    const { detail, only } = published;
    const read = nodeOfEvent(event, detail);
    const taking = this.all.filter(
      ({ arn, properties: { EventBusName, EventPattern, State, Targets } }) =>
        busName(text(EventBusName)) === bus &&
        State !== 'DISABLED' &&
        records(Targets).length <= facts.targetsPerRule.value &&
        (only === undefined || only.includes(arn)) &&
        this.parts.patterns.matches(EventPattern, read),
    );
    for (const rule of taking) this.deliver(rule, event, { ...published, stream: true });
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
      .map(({ role, service }) => this.parts.context.assume(role, { service, acting: rule }))
      .filter((one) => typeof one === 'string');
  }

  /** Delivers an event to the targets of a rule. */
  fire(rule: Deployed, event: JsonRecord): void {
    this.deliver(rule, event, { stream: false });
  }

  /** Why EventBridge refuses a rule, which then matches nothing; undefined where it takes it. */
  fault({ properties }: Deployed): string | undefined {
    const { EventPattern: pattern, ScheduleExpression, EventBusName } = properties;
    const read = pattern === undefined ? undefined : this.parts.patterns.of(pattern);
    if (typeof read === 'string') return read;
    if (ScheduleExpression !== undefined && busName(text(EventBusName)) !== 'default')
      return 'ScheduleExpression is supported only on the default event bus.';
    const count = records(properties.Targets).length;
    const most = facts.targetsPerRule.value;
    return count > most ? `it has ${count} targets, and a rule has at most ${most}` : undefined;
  }

  private deliver(
    rule: Deployed,
    event: JsonRecord,
    { stream, disorder, fromBus }: Published & { readonly stream: boolean },
  ): void {
    const { context, targets, senders } = this.parts;
    const service: Sender = { service: EVENTS, arn: rule.arn };
    for (const target of records(rule.properties.Targets)) {
      const arn = text(target.Arn) ?? '';
      if (fromBus === true && isBusArn(arn)) {
        const said = `NOTE the event ${text(event.id)} came from another bus, so it is not handed on to ${arn}, as on AWS`;
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
        ...(disorder !== undefined && { disorder }),
      });
    }
  }
}

/** Services whose targets get the text as it is; the others get what it says as JSON. */
const TEXT = ['sqs', 'sns', 'kinesis'];

/** @throws AwsError where a target that takes JSON would get none */
function payloadFor(arn: string, input: string): unknown {
  if (TEXT.includes(parseArn(arn)?.service ?? '')) return input;
  const payload = parseJson(input);
  if (payload !== undefined) return payload;
  throw new AwsError('INVALID_JSON', `The target takes JSON, and its input is none: ${input}`);
}

/** A bus is named by its name or its ARN; without either it is the default bus. */
export function busName(reference: string | undefined): string {
  return reference?.split('/').at(-1) ?? 'default';
}

/** Whether an ARN is that of a bus. */
export function isBusArn(arn: string): boolean {
  const { service, resource } = parseArn(arn) ?? {};
  return service === 'events' && resource?.startsWith('event-bus/') === true;
}
