import { Token } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import { CfnBucket, EventType, type IBucket } from 'aws-cdk-lib/aws-s3';
import { SqsDestination } from 'aws-cdk-lib/aws-s3-notifications';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { encodedKey } from '../../core/object-key';
import { BucketEvents } from './bucket-events';
import { CALLS } from '../../core/iam/platform-actions';
import { longestRetries } from '../target-retries';

/** Which objects of a bucket are told of, and where. */
export interface ObjectEvents {
  readonly bucket: IBucket;
  /** Beginning of the keys; empty for all. */
  readonly prefix: string;
  /** End of the keys; empty for all. */
  readonly suffix: string;
  /** Where each new object is told of. */
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

/** Tells a queue of new objects through EventBridge, which delivers again for 24 hours and then to the dead-letter queue. */
export function throughEventBridge(
  scope: Construct,
  { bucket, prefix, suffix, queue, deadLetterQueue, imported }: ObjectEvents,
): void {
  if (isMadeHere(bucket)) BucketEvents.of(bucket).enableEventBridge();
  else if (imported === 'merge') bucket.enableEventBridgeNotification();
  new events.Rule(scope, 'Rule', {
    description: `Objects created in the bucket of ${scope.node.path}`,
    eventPattern: {
      source: ['aws.s3'],
      detailType: ['Object Created'],
      detail: { bucket: { name: [bucket.bucketName] }, ...keyPattern(prefix, suffix) },
    },
    targets: [new SqsQueue(queue, { deadLetterQueue, ...longestRetries() })],
  });
}

/**
 * Tells a queue of new objects by the bucket's own notification. The queue takes them from any bucket of the account: naming
 * this one would make a circle, because the bucket is not made before the queue lets it send.
 */
export function throughNotification({ bucket, prefix, suffix, queue }: ObjectEvents): void {
  const filter = { prefix: filterOf(prefix), suffix: filterOf(suffix) };
  if (!isMadeHere(bucket)) {
    const filters = filter.prefix || filter.suffix ? [filter] : [];
    bucket.addEventNotification(EventType.OBJECT_CREATED, new SqsDestination(queue), ...filters);
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
  BucketEvents.of(bucket).tell({ queue, ...filter });
}

/** S3 compares filters with encoded keys. What is known only at deployment is taken as it is. */
function filterOf(text: string): string | undefined {
  if (text === '') return undefined;
  return Token.isUnresolved(text) ? text : encodedKey(text);
}

function keyPattern(prefix: string, suffix: string): { object?: { key: object[] } } {
  if (!prefix && !suffix) return {};
  if (prefix && suffix) return { object: { key: [{ wildcard: `${prefix}*${suffix}` }] } };
  return { object: { key: [prefix ? { prefix } : { suffix }] } };
}
