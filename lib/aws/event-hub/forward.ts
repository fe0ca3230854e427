import { Aws } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { CALLS } from '../../core/iam/platform-actions';
import type { AlarmsProps } from '../alarms/props';
import { Alarms } from '../alarms/alarms';
import { deadLetterQueue } from '../dead-letter-queue';
import { admitRule, onFailure } from './deliver';

/** Which events are passed on. */
export interface ForwardingProps extends AlarmsProps {
  /** Whose. */
  readonly from: events.IEventBus;
  /** To whom. */
  readonly to: events.IEventBus;
  /** Which. */
  readonly pattern: events.EventPattern;
  /** Of the dead-letter queue. */
  readonly encryptionMasterKey?: IKey;
}

/**
 * Passes events on to another bus, of this account or another: by a rule with a role that may put events on that bus and
 * nothing else, and with a dead-letter queue. The bus that gets them passes them no further; one of another account lets
 * them in by `acceptFrom()`.
 */
export class Forwarding extends Construct {
  /** Which events. */
  readonly rule: events.Rule;
  /** In whose name they are put on the other bus. */
  readonly role: iam.Role;
  /** Events that the other bus did not take; kept for 14 days. */
  readonly deadLetterQueue: sqs.Queue;

  constructor(
    scope: Construct,
    id: string,
    { from, to, pattern, topic, settings, encryptionMasterKey }: ForwardingProps,
  ) {
    super(scope, id);
    this.deadLetterQueue = deadLetterQueue(this, 'DeadLetterQueue', { encryptionMasterKey });
    this.role = new iam.Role(this, 'Role', {
      description: `Passes events on for ${this.node.path}`,
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
      description: `Passes events on for ${this.node.path}`,
      eventBus: from,
      eventPattern: pattern,
      targets: [{ bind: () => ({ arn: to.eventBusArn, role: this.role, ...onFailure(this.deadLetterQueue) }) }],
    });
    admitRule(this.deadLetterQueue, this.rule.ruleArn);
    const alarms = new Alarms(this, 'Alarms', { topic, settings });
    alarms.deadLetters(this.deadLetterQueue);
    alarms.lostEvents(this.rule, from);
  }
}
