import type { Deployed } from '../../kernel/deployment';
import { matchesPattern } from '../../kernel/event-pattern';
import { isRecord, type JsonRecord, records, text } from '../../kernel/json';
import type { LocalContext, Sender, ServicePrincipal } from '../../kernel/service';
import { targetInput } from './input';
import type { Targets } from './targets';

/** The CloudFormation type of a rule. */
export const RULE = 'AWS::Events::Rule';
const EVENTS = 'events.amazonaws.com';

interface Way {
  /** Whether it is one of many events, whose order and number a bus does not keep. */
  readonly stream: boolean;
  /** That it comes twice, or late. */
  readonly disorder?: string;
}

/** The rules of the templates: which events they take, and where these go. */
export class Rules {
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
   * @param disorder that the event comes twice, or late
   * @returns how many took it
   */
  publish(bus: string, event: JsonRecord, disorder?: string): number {
    const taking = this.all.filter(
      ({ properties: { EventBusName, EventPattern, State } }) =>
        busName(text(EventBusName)) === bus &&
        State !== 'DISABLED' &&
        isRecord(EventPattern) &&
        matchesPattern(EventPattern, event),
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
