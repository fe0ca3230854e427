import { Annotations, ArnFormat, Aws, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { CALLS } from '../../core/iam/platform-actions';
import { ENCRYPT } from '../access/encryption';
import { longestRetries } from '../target-retries';

const EVENTS = 'events.amazonaws.com';

/** A queue as a rule's target. CDK's own target admits every rule of every account when the queue has a key. */
export function queueTarget(queue: sqs.IQueue, deadLetters: sqs.IQueue): events.IRuleTarget {
  return {
    bind: (rule) => {
      const arn = events.CfnRule.arnForRule(rule);
      admitRule(queue, arn);
      admitRule(deadLetters, arn);
      return { arn: queue.queueArn, targetResource: queue, ...onFailure(deadLetters) };
    },
  };
}

/** A target's failure handling: the longest retries possible, and a dead-letter queue. */
export function onFailure(deadLetters: sqs.IQueue): Pick<events.RuleTargetConfig, 'deadLetterConfig' | 'retryPolicy'> {
  const { maxEventAge, retryAttempts } = longestRetries();
  return {
    deadLetterConfig: { arn: deadLetters.queueArn },
    retryPolicy: { maximumEventAgeInSeconds: maxEventAge.toSeconds(), maximumRetryAttempts: retryAttempts },
  };
}

/** Lets only one rule send messages to a queue. */
export function admitRule(queue: sqs.IQueue, ruleArn: string): void {
  queue.addToResourcePolicy(
    new PolicyStatement({
      effect: Effect.ALLOW,
      principals: [new ServicePrincipal(EVENTS)],
      actions: [...CALLS.queue.granted],
      resources: [queue.queueArn],
      conditions: { ArnEquals: { 'aws:SourceArn': ruleArn } },
    }),
  );
}

/**
 * Lets the rules of one bus use the key of the queues they deliver to. The bus is referred to by name: a reference
 * would make key and bus depend on each other when each has its own stack.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 */
export function admitRulesOf(bus: events.EventBus, key: IKey): void {
  const { name } = bus.node.defaultChild as events.CfnEventBus;
  const rules = Stack.of(bus).formatArn({
    service: 'events',
    resource: 'rule',
    resourceName: `${name}/*`,
    arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
  });
  const statement = new PolicyStatement({
    principals: [new ServicePrincipal(EVENTS)],
    actions: ENCRYPT,
    resources: ['*'],
    conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID }, ArnLike: { 'aws:SourceArn': rules } },
  });
  if (key.addToResourcePolicy(statement, true).statementAdded) return;
  Annotations.of(bus).addWarningV2(
    'lintel:key-policy',
    `The policy of 'encryptionKey' is not this app's: unless it allows ${EVENTS} ${ENCRYPT.join(' and ')} for the rules of the bus, ` +
      `every event is lost, since the dead-letter queues have the same key (${bus.node.path})`,
  );
}
