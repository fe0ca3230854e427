import { Duration } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import { CfnBucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** Which objects of a bucket are told of, and where. */
export interface ObjectEvents {
  /** The bucket. */
  readonly bucket: IBucket;
  /** Beginning of the keys; empty for all. */
  readonly prefix: string;
  /** End of the keys; empty for all. */
  readonly suffix: string;
  /** Where each new object is told of. */
  readonly queue: IQueue;
  /** Where an event goes that EventBridge could not deliver. */
  readonly deadLetterQueue?: IQueue;
}

/** Tells a queue of new objects through EventBridge, which delivers again for 24 hours and then to the dead-letter queue. */
export function throughEventBridge(
  scope: Construct,
  { bucket, prefix, suffix, queue, deadLetterQueue }: ObjectEvents,
): void {
  const definition = bucket.node.defaultChild;
  // The L2's own way is a custom resource. A team's bucket keeps the notifications it has.
  if (CfnBucket.isCfnBucket(definition) && definition.notificationConfiguration === undefined) {
    definition.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
  }
  new events.Rule(scope, 'Rule', {
    description: `Objects created in the bucket of ${scope.node.path}`,
    eventPattern: {
      source: ['aws.s3'],
      detailType: ['Object Created'],
      detail: { bucket: { name: [bucket.bucketName] }, ...keyPattern(prefix, suffix) },
    },
    targets: [new SqsQueue(queue, { deadLetterQueue, maxEventAge: Duration.hours(24), retryAttempts: 185 })],
  });
}

/**
 * Tells a queue of new objects by the bucket's own notification. The queue takes them from any bucket of the account: naming
 * this one would make a circle, because the bucket is not made before the queue lets it send.
 */
export function throughNotification({ bucket, prefix, suffix, queue }: ObjectEvents): void {
  const definition = bucket.node.defaultChild as CfnBucket;
  const granted = queue.addToResourcePolicy(
    new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal('s3.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: { StringEquals: { 'aws:SourceAccount': bucket.env.account } },
    }),
  );
  if (granted.policyDependable) bucket.node.addDependency(granted.policyDependable);
  const rules = [
    ...(prefix ? [{ name: 'prefix', value: prefix }] : []),
    ...(suffix ? [{ name: 'suffix', value: suffix }] : []),
  ];
  definition.notificationConfiguration = {
    queueConfigurations: [
      {
        event: 's3:ObjectCreated:*',
        queue: queue.queueArn,
        ...(rules.length > 0 ? { filter: { s3Key: { rules } } } : {}),
      },
    ],
  };
}

function keyPattern(prefix: string, suffix: string): { object?: { key: object[] } } {
  if (!prefix && !suffix) return {};
  if (prefix && suffix) return { object: { key: [{ wildcard: `${prefix}*${suffix}` }] } };
  return { object: { key: [prefix ? { prefix } : { suffix }] } };
}
