import { Aspects, Lazy, Tokenization } from 'aws-cdk-lib';
import {
  BucketNotificationDestinationType,
  type CfnBucket,
  type EventType,
  type IBucket,
  type IBucketNotificationDestination,
} from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { notificationConfigurations } from '../../core/facts/s3';
import { isUnresolved } from '../../core/unresolved';
import { endsOverlap, overlap } from './keys';

/** A queue to notify of objects, by encoded key prefix and suffix. */
export interface NotifiedQueue {
  /** Events to notify of: `s3:ObjectCreated:*`. */
  readonly events: readonly string[];
  /** The queue to notify. */
  readonly queue: IQueue;
  /** Key prefix, encoded. */
  readonly prefix?: string;
  /** Key suffix, encoded. */
  readonly suffix?: string;
}

const ID = 'LintelEvents';

/**
 * Notifications of a bucket that this app creates, whoever else adds some.
 *
 * Without notifications through CDK's L2 they are the bucket's own property, which needs no further resource. Once anyone
 * calls `addEventNotification`, before or after, CDK creates a custom resource that **replaces** the bucket's whole
 * configuration after the bucket is created; then everything goes through the L2, and the property stays empty.
 */
export class BucketEvents extends Construct {
  /** The notifications of a bucket that this app creates. */
  static of(bucket: IBucket): BucketEvents {
    return (bucket.node.tryFindChild(ID) as BucketEvents | undefined) ?? new BucketEvents(bucket);
  }

  /** Whether a bucket's existing notifications are known at synthesis, so that ours can be added. */
  static canRead(bucket: IBucket): boolean {
    const { notificationConfiguration: configuration } = bucket.node.defaultChild as CfnBucket;
    if (bucket.node.tryFindChild(ID)) return true;
    return !Tokenization.isResolvable(configuration) && !Tokenization.isResolvable(configuration?.queueConfigurations);
  }

  private readonly definition: CfnBucket;
  private readonly before: CfnBucket.NotificationConfigurationProperty;
  private readonly own: object;
  private readonly queues: NotifiedQueue[] = [];
  private bridged = false;
  private handedOver = 0;

  private constructor(private readonly bucket: IBucket) {
    super(bucket, ID);
    this.definition = bucket.node.defaultChild as CfnBucket;
    this.before = (this.definition.notificationConfiguration ?? {}) as CfnBucket.NotificationConfigurationProperty;
    this.own = Lazy.any({ produce: () => (this.hasL2 ? undefined : this.property()) });
    this.definition.notificationConfiguration = this.own;
    Aspects.of(this.definition).add({ visit: () => this.handOver() });
    this.node.addValidation({ validate: () => this.faults() });
  }

  /** Sends all events of the bucket to EventBridge. */
  enableEventBridge(): void {
    this.bridged = true;
  }

  /** Notifies a queue of object events. */
  notify(queue: NotifiedQueue): void {
    this.queues.push(queue);
  }

  /** Whether CDK's custom resource owns the configuration. */
  private get hasL2(): boolean {
    return this.bucket.node.tryFindChild('Notifications')?.node.tryFindChild('Resource') !== undefined;
  }

  /** Before the templates are written: hands ours to the L2, if it owns the configuration. */
  private handOver(): void {
    if (!this.hasL2) return;
    if (this.bridged) this.bucket.enableEventBridgeNotification();
    for (const { queue, events, prefix, suffix } of this.queues.slice(this.handedOver)) {
      const filters = prefix || suffix ? [{ prefix, suffix }] : [];
      for (const event of events)
        this.bucket.addEventNotification(event as EventType, destinationOf(queue), ...filters);
    }
    this.handedOver = this.queues.length;
  }

  private property(): CfnBucket.NotificationConfigurationProperty {
    const queueConfigurations = [
      ...((this.before.queueConfigurations ?? []) as CfnBucket.QueueConfigurationProperty[]),
      ...this.queues.flatMap(configurationsOf),
    ];
    return {
      ...this.before,
      ...(this.bridged && { eventBridgeConfiguration: { eventBridgeEnabled: true } }),
      ...(queueConfigurations.length > 0 && { queueConfigurations }),
    };
  }

  private faults(): string[] {
    const { path } = this.bucket.node;
    const clashing = this.queues.find((one, index) => this.queues.slice(0, index).some((other) => clash(one, other)));
    if (clashing) {
      const { prefix = '', suffix = '' } = clashing;
      return [
        `'prefix' and 'suffix' of the processors on ${path} must not overlap with 'via' 'notification' ('${prefix}' and '${suffix}' do), since S3 refuses overlapping notifications; give them prefixes of their own, or use 'event-bridge'`,
      ];
    }
    const count = this.queues.flatMap(configurationsOf).length;
    if (count > notificationConfigurations.value) {
      return [
        `'prefix', 'suffix' and 'on' of the processors on ${path} must make at most ${notificationConfigurations.value} notifications, got ${count}; name fewer, or use 'event-bridge'`,
      ];
    }
    const others = Object.keys(this.before).length > 0;
    if (!this.hasL2) {
      return this.definition.notificationConfiguration === this.own
        ? []
        : [
            `'notificationConfiguration' of ${path} must not be set after a FileProcessor that listens to the bucket; set it before, or use 'addEventNotification'`,
          ];
    }
    if (others || this.definition.notificationConfiguration !== this.own) {
      return [
        `'notificationConfiguration' and 'addEventNotification' must not both be used on ${path}, since CDK's resource replaces the first; use the second for all`,
      ];
    }
    return this.handedOver === this.queues.length
      ? []
      : [`'addEventNotification' must not be called on ${path} while the app is synthesized; call it before`];
  }
}

/** A queue that already admits the bucket: CDK's own destination adds a statement that names the bucket, which is a dependency cycle. */
function destinationOf(queue: IQueue): IBucketNotificationDestination {
  return {
    bind: () => ({ arn: queue.queueArn, type: BucketNotificationDestinationType.QUEUE, dependencies: [queue] }),
  };
}

function configurationsOf({ queue, events, prefix, suffix }: NotifiedQueue): CfnBucket.QueueConfigurationProperty[] {
  const rules = Object.entries({ prefix, suffix }).flatMap(([name, value]) => (value ? [{ name, value }] : []));
  return events.map((event) => ({
    event,
    queue: queue.queueArn,
    ...(rules.length > 0 && { filter: { s3Key: { rules } } }),
  }));
}

/** Whether S3 refuses two together: an event of a key may go to only one of them. */
function clash(a: NotifiedQueue, b: NotifiedQueue): boolean {
  const parts = [a.prefix, a.suffix, b.prefix, b.suffix];
  return (
    !parts.some(isUnresolved) &&
    a.events.some((event) => b.events.includes(event)) &&
    overlap(a.prefix ?? '', b.prefix ?? '') &&
    endsOverlap(a.suffix ?? '', b.suffix ?? '')
  );
}
