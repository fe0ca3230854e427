import { Aws } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { CALLS } from '../../core/iam/platform-actions';
import type { AlarmsProps } from '../alarms/props';
import { patternAlarms } from '../alarms/pattern-alarms';
import { deadLetterQueue } from '../dead-letter-queue';
import { ruleDescription } from '../../core/facts/events';
import { roleDescription } from '../../core/facts/policies';
import { PatternConstruct } from '../pattern-construct';
import { admitRule, onFailure } from './deliver';

/** Props of a `Forwarding`. */
export interface ForwardingProps extends AlarmsProps {
  /** The bus to forward from. */
  readonly from: events.IEventBus;
  /** The bus to forward to. */
  readonly to: events.IEventBus;
  /** Which events. */
  readonly pattern: events.EventPattern;
  /** Key of the dead-letter queue. */
  readonly encryptionMasterKey?: IKey;
}

/**
 * Forwards events to another bus, in this account or another: a rule whose role may only put events on that bus,
 * with a dead-letter queue. The receiving bus forwards them no further; in another account it must
 * admit them with `acceptFrom()`.
 */
export class Forwarding extends PatternConstruct {
  /** Selects the events. */
  readonly rule: events.Rule;
  /** Puts them on the other bus. */
  readonly role: iam.Role;
  /** Events that the other bus did not accept; kept for 14 days. */
  readonly deadLetterQueue: sqs.Queue;

  constructor(
    scope: Construct,
    id: string,
    { from, to, pattern, topic, settings, encryptionMasterKey }: ForwardingProps,
  ) {
    super(scope, id);
    const description = `Passes events on for ${this.node.path}`;
    this.deadLetterQueue = deadLetterQueue(this, 'DeadLetterQueue', { encryptionMasterKey });
    this.role = new iam.Role(this, 'Role', {
      description: description.slice(0, roleDescription.value),
      assumedBy: new iam.ServicePrincipal('events.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
      inlinePolicies: {
        Forward: new iam.PolicyDocument({
          statements: [new iam.PolicyStatement({ actions: [...CALLS.bus.granted], resources: [to.eventBusArn] })],
        }),
      },
    });
    this.rule = new events.Rule(this, 'Rule', {
      description: description.slice(0, ruleDescription.value),
      eventBus: from,
      eventPattern: pattern,
      targets: [{ bind: () => ({ arn: to.eventBusArn, role: this.role, ...onFailure(this.deadLetterQueue) }) }],
    });
    admitRule(this.deadLetterQueue, this.rule.ruleArn);
    const alarms = patternAlarms(this, { topic, settings });
    alarms.deadLetters(this.deadLetterQueue);
    alarms.lostEvents(this.rule, from);
  }
}
