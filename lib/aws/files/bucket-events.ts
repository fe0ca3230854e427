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

/** A queue that is told of objects, by the encoded beginning and end of their keys. */
export interface ToldQueue {
  /** What it is told of: `s3:ObjectCreated:*`. */
  readonly events: readonly string[];
  /** Where it is told. */
  readonly queue: IQueue;
  /** Beginning of the keys, encoded. */
  readonly prefix?: string;
  /** End of the keys, encoded. */
  readonly suffix?: string;
}

const ID = 'LintelEvents';

/**
 * Whom a bucket of this app tells of its objects, whoever else has notifications on it.
 *
 * Without notifications of CDK's L2 it is the bucket's own property, which needs no further resource. As soon as somebody
 * calls `addEventNotification`, before or after, CDK makes a custom resource that **replaces** the bucket's whole
 * configuration once the bucket is made; then everything goes through the L2, and the property stays empty.
 */
export class BucketEvents extends Construct {
  /** The events of a bucket that this app makes. */
  static of(bucket: IBucket): BucketEvents {
    return (bucket.node.tryFindChild(ID) as BucketEvents | undefined) ?? new BucketEvents(bucket);
  }

  /** Whether what a bucket of this app tells so far is known at synthesis, so that ours can be added. */
  static canRead(bucket: IBucket): boolean {
    const { notificationConfiguration: configuration } = bucket.node.defaultChild as CfnBucket;
    if (bucket.node.tryFindChild(ID)) return true;
    return !Tokenization.isResolvable(configuration) && !Tokenization.isResolvable(configuration?.queueConfigurations);
  }

  private readonly definition: CfnBucket;
  private readonly before: CfnBucket.NotificationConfigurationProperty;
  private readonly ours: object;
  private readonly queues: ToldQueue[] = [];
  private bridged = false;
  private handedOver = 0;

  private constructor(private readonly bucket: IBucket) {
    super(bucket, ID);
    this.definition = bucket.node.defaultChild as CfnBucket;
    this.before = (this.definition.notificationConfiguration ?? {}) as CfnBucket.NotificationConfigurationProperty;
    this.ours = Lazy.any({ produce: () => (this.hasL2 ? undefined : this.property()) });
    this.definition.notificationConfiguration = this.ours;
    Aspects.of(this.definition).add({ visit: () => this.handOver() });
    this.node.addValidation({ validate: () => this.faults() });
  }

  /** Sends all events of the bucket to EventBridge. */
  enableEventBridge(): void {
    this.bridged = true;
  }

  /** Tells a queue of new objects. */
  tell(queue: ToldQueue): void {
    this.queues.push(queue);
  }

  /** Whether CDK's custom resource owns the configuration. */
  private get hasL2(): boolean {
    return this.bucket.node.tryFindChild('Notifications')?.node.tryFindChild('Resource') !== undefined;
  }

  /** Before the templates are made: to the L2, where it owns the configuration. */
  private handOver(): void {
    if (!this.hasL2) return;
    if (this.bridged) this.bucket.enableEventBridgeNotification();
    for (const { queue, events, prefix, suffix } of this.queues.slice(this.handedOver)) {
      const filters = prefix || suffix ? [{ prefix, suffix }] : [];
      for (const event of events) this.bucket.addEventNotification(event as EventType, told(queue), ...filters);
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
        `'prefix' and 'suffix' of the processors on ${path} must not overlap with 'via' 'notification' ('${prefix}' and '${suffix}' do), since S3 refuses such notifications; give them prefixes of their own, or use 'event-bridge'`,
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
      return this.definition.notificationConfiguration === this.ours
        ? []
        : [
            `'notificationConfiguration' of ${path} must not be set after a FileProcessor that listens to the bucket; set it before, or use 'addEventNotification'`,
          ];
    }
    if (others || this.definition.notificationConfiguration !== this.ours) {
      return [
        `'notificationConfiguration' and 'addEventNotification' must not both be used on ${path}, since CDK's resource replaces the first; use the second for all`,
      ];
    }
    return this.handedOver === this.queues.length
      ? []
      : [`'addEventNotification' must not be called on ${path} while the app is synthesized; call it before`];
  }
}

/** A queue that lets the bucket send already: CDK's own destination adds a statement that names it, which makes a circle. */
function told(queue: IQueue): IBucketNotificationDestination {
  return {
    bind: () => ({ arn: queue.queueArn, type: BucketNotificationDestinationType.QUEUE, dependencies: [queue] }),
  };
}

function configurationsOf({ queue, events, prefix, suffix }: ToldQueue): CfnBucket.QueueConfigurationProperty[] {
  const rules = Object.entries({ prefix, suffix }).flatMap(([name, value]) => (value ? [{ name, value }] : []));
  return events.map((event) => ({
    event,
    queue: queue.queueArn,
    ...(rules.length > 0 && { filter: { s3Key: { rules } } }),
  }));
}

/** Whether S3 refuses two together: one event of one key may be told to one of them only. */
function clash(a: ToldQueue, b: ToldQueue): boolean {
  const parts = [a.prefix, a.suffix, b.prefix, b.suffix];
  return (
    !parts.some(isUnresolved) &&
    a.events.some((event) => b.events.includes(event)) &&
    overlap(a.prefix ?? '', b.prefix ?? '') &&
    endsOverlap(a.suffix ?? '', b.suffix ?? '')
  );
}
