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
import { BucketEvents } from './bucket-events';
import { deletionsOf, type FileChange, keepsVersions, notifiedOf } from './changes';
import { CALLS } from '../../core/iam/platform-actions';
import { longestRetries } from '../target-retries';

/** Which objects of a bucket are told of, and where. */
export interface ObjectEvents {
  readonly bucket: IBucket;
  /** Beginnings of the keys; one empty text for all. */
  readonly prefixes: readonly string[];
  /** Ends of the keys; one empty text for all. */
  readonly suffixes: readonly string[];
  /** What is told. */
  readonly changes: readonly FileChange[];
  /** Where it is told. */
  readonly queue: IQueue;
  /** Where an event goes that EventBridge could not deliver. */
  readonly deadLetterQueue?: IQueue;
  /** For a bucket that another app makes: whether its notifications are left as they are, or ours are added. */
  readonly imported?: 'enabled' | 'merge';
}

/** Whether an app makes the bucket, so that its notifications can be known. */
export function isMadeHere(bucket: IBucket): boolean {
  return CfnBucket.isCfnBucket(bucket.node.defaultChild);
}

/** Tells a queue of objects through EventBridge, which delivers again for 24 hours and then to the dead-letter queue. */
export function throughEventBridge(scope: Construct, events: ObjectEvents): void {
  const { bucket, changes, imported } = events;
  if (isMadeHere(bucket)) BucketEvents.of(bucket).enableEventBridge();
  else if (imported === 'merge') bucket.enableEventBridgeNotification();
  if (changes.includes('created')) rule(scope, 'Rule', events, 'Object Created');
  const deletions = deletionsOf(changes, keepsVersions(bucket));
  if (deletions.length > 0) rule(scope, 'DeletionRule', events, 'Object Deleted', { 'deletion-type': deletions });
}

function rule(scope: Construct, id: string, told: ObjectEvents, detailType: string, more: object = {}): void {
  const { bucket, queue, deadLetterQueue, prefixes, suffixes } = told;
  // CDK's own target lets in every rule of every account where the queue has a key.
  const target =
    queue.encryptionMasterKey && deadLetterQueue
      ? queueTarget(queue, deadLetterQueue)
      : new SqsQueue(queue, { deadLetterQueue, ...longestRetries() });
  new events.Rule(scope, id, {
    description: `Objects ${detailType === 'Object Created' ? 'created' : 'deleted'} in the bucket of ${scope.node.path}`,
    eventPattern: {
      source: ['aws.s3'],
      detailType: [detailType],
      detail: { bucket: { name: [bucket.bucketName] }, ...keyPattern(prefixes, suffixes), ...more },
    },
    targets: [target],
  });
}

/**
 * Tells a queue of objects by the bucket's own notification. The queue takes them from any bucket of the account: naming
 * this one would make a circle, because the bucket is not made before the queue lets it send.
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
  for (const filter of filters) BucketEvents.of(bucket).tell({ queue, events: notified, ...filter });
}

/** S3 compares filters with encoded keys. What is known only at deployment is taken as it is. */
function filterOf(text: string): string | undefined {
  if (text === '') return undefined;
  return Token.isUnresolved(text) ? text : encodedKey(text);
}

/** A backslash escapes a star in a wildcard, and nothing else but itself. */
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
