import { Token } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import { CfnBucket, type EventType, type IBucket } from 'aws-cdk-lib/aws-s3';
import { SqsDestination } from 'aws-cdk-lib/aws-s3-notifications';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { encodedKey } from '../../core/object-key';
import { queueTarget } from '../event-hub/deliver';
import { ruleDescription } from '../../core/facts/events';
import { BucketEvents } from './bucket-events';
import { deletionsOf, type FileChange, keepsVersions, notifiedOf } from './changes';
import { CALLS } from '../../core/iam/platform-actions';
import { longestRetries } from '../target-retries';

/** Which object events to deliver, and where to. */
export interface ObjectEvents {
  readonly bucket: IBucket;
  /** Key prefixes; a single empty string means all. */
  readonly prefixes: readonly string[];
  /** Key suffixes; a single empty string means all. */
  readonly suffixes: readonly string[];
  /** Kinds of change. */
  readonly changes: readonly FileChange[];
  /** The queue to deliver to. */
  readonly queue: IQueue;
  /** Gets events that EventBridge could not deliver. */
  readonly deadLetterQueue?: IQueue;
  /** For a bucket created elsewhere: whether to leave its notifications as they are, or to add ours. */
  readonly imported?: 'enabled' | 'merge';
}

/** Whether this app creates the bucket, so that its notifications can be known. */
export function isMadeHere(bucket: IBucket): boolean {
  return CfnBucket.isCfnBucket(bucket.node.defaultChild);
}

/** Delivers object events through EventBridge, which retries for 24 hours and then uses the dead-letter queue. */
export function throughEventBridge(scope: Construct, events: ObjectEvents): void {
  const { bucket, changes, imported } = events;
  if (isMadeHere(bucket)) BucketEvents.of(bucket).enableEventBridge();
  else if (imported === 'merge') bucket.enableEventBridgeNotification();
  if (changes.includes('created')) rule(scope, 'Rule', events, 'Object Created');
  const deletions = deletionsOf(changes, keepsVersions(bucket));
  if (deletions.length > 0) rule(scope, 'DeletionRule', events, 'Object Deleted', { 'deletion-type': deletions });
}

function rule(scope: Construct, id: string, objectEvents: ObjectEvents, detailType: string, more: object = {}): void {
  const { bucket, queue, deadLetterQueue, prefixes, suffixes } = objectEvents;
  // CDK's own target admits every rule of every account when the queue has a key.
  const target =
    queue.encryptionMasterKey && deadLetterQueue
      ? queueTarget(queue, deadLetterQueue)
      : new SqsQueue(queue, { deadLetterQueue, ...longestRetries() });
  const made = detailType === 'Object Created' ? 'created' : 'deleted';
  new events.Rule(scope, id, {
    description: `Objects ${made} in the bucket of ${scope.node.path}`.slice(0, ruleDescription.value),
    eventPattern: {
      source: ['aws.s3'],
      detailType: [detailType],
      detail: { bucket: { name: [bucket.bucketName] }, ...keyPattern(prefixes, suffixes), ...more },
    },
    targets: [target],
  });
}

/**
 * Delivers object events by the bucket's own notification. The queue accepts them from any bucket of the account: naming
 * this one would be a dependency cycle, because the bucket is created after the queue admits it.
 */
export function throughNotification({ bucket, prefixes, suffixes, changes, queue }: ObjectEvents): void {
  const filters = prefixes.flatMap((prefix) =>
    suffixes.map((suffix) => ({ prefix: filterOf(prefix), suffix: filterOf(suffix) })),
  );
  const notified = notifiedOf(changes, keepsVersions(bucket));
  if (!isMadeHere(bucket)) {
    for (const event of notified) {
      for (const filter of filters) {
        const given = filter.prefix || filter.suffix ? [filter] : [];
        bucket.addEventNotification(event as EventType, new SqsDestination(queue), ...given);
      }
    }
    return;
  }
  const granted = queue.addToResourcePolicy(
    new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal('s3.amazonaws.com')],
      actions: [...CALLS.queue.granted],
      resources: [queue.queueArn],
      conditions: { StringEquals: { 'aws:SourceAccount': bucket.env.account } },
    }),
  );
  if (granted.policyDependable) bucket.node.addDependency(granted.policyDependable);
  for (const filter of filters) BucketEvents.of(bucket).notify({ queue, events: notified, ...filter });
}

/** S3 compares filters with encoded keys. Tokens are used as they are. */
function filterOf(text: string): string | undefined {
  if (text === '') return undefined;
  return Token.isUnresolved(text) ? text : encodedKey(text);
}

/** In a wildcard, a backslash escapes only `*` and itself. */
const escaped = (text: string): string => text.replaceAll('\\', '\\\\');

/** What EventBridge compares keys with. */
export function keyPattern(prefixes: readonly string[], suffixes: readonly string[]): { object?: { key: object[] } } {
  const key = prefixes.flatMap((prefix) =>
    suffixes.flatMap((suffix): object[] => {
      if (!prefix && !suffix) return [];
      if (prefix && suffix) return [{ wildcard: `${escaped(prefix)}*${escaped(suffix)}` }];
      return [prefix ? { prefix } : { suffix }];
    }),
  );
  return key.length === 0 ? {} : { object: { key } };
}
