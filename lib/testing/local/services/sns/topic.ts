import { createHash } from 'node:crypto';
import * as facts from '../../../../core/facts/sns';
import { AwsError } from '../../kernel/aws-errors';
import type { Clock } from '../../kernel/clock';
import { invalid, checkNotification, type NewNotification, type Notification, taken } from './message';
import type { Subscription } from './subscription';
import type { Tags } from './tags';

/** Settable topic attributes. */
const SETTABLE = [
  'ContentBasedDeduplication',
  'DeliveryPolicy',
  'DisplayName',
  'FifoThroughputScope',
  'KmsMasterKeyId',
  'SignatureVersion',
  'TracingConfig',
];
const FEEDBACK = /^(HTTP|Firehose|Lambda|Application|SQS)(Success|Failure)Feedback(RoleArn|SampleRate)$/;

/** An SNS topic, standard or FIFO. */
export class Topic {
  /** Whether it preserves order per group and drops duplicates. */
  readonly fifo: boolean;
  /** In creation order. */
  readonly subscriptions: Subscription[] = [];
  /** What was published, in order. */
  readonly published: Notification[] = [];
  /** Its tags, by key. */
  tags: Tags = {};
  private readonly seen = new Map<string, { readonly message: Notification; readonly at: number }>();
  private sequence = 0;

  /** @param values attributes, in API form */
  constructor(
    readonly name: string,
    readonly arn: string,
    private readonly values: Record<string, string>,
    private readonly clock: Clock,
  ) {
    this.fifo = name.endsWith('.fifo');
  }

  /**
   * Accepts a message. On a FIFO topic, a duplicate gets the original's response and is not delivered.
   * @returns the message, and whether to deliver it
   * @throws AwsError when SNS would reject the message
   */
  publish(given: NewNotification): { readonly message: Notification; readonly isNew: boolean } {
    checkNotification(given);
    this.checkOrder(given);
    if (!this.fifo) return { message: this.add(given), isNew: true };
    const { groupId = '' } = given;
    const deduplicationId = given.deduplicationId ?? createHash('sha256').update(given.message).digest('hex');
    const scope = this.values.FifoThroughputScope === 'MessageGroup' ? groupId : '';
    const key = `${scope} ${deduplicationId}`;
    const before = this.seen.get(key);
    if (before && this.clock.since(before.at) < facts.deduplicationInterval.value) {
      return { message: before.message, isNew: false };
    }
    const message = this.add({ ...given, deduplicationId });
    this.seen.set(key, { message, at: Date.now() });
    return { message, isNew: true };
  }

  /** An attribute, in API form. */
  attribute(name: string): string | undefined {
    return this.values[name];
  }

  /** @throws AwsError when SetTopicAttributes would reject the value */
  set(name: string, value: string): void {
    if (['Policy', 'ArchivePolicy'].includes(name)) {
      throw new AwsError('LocalRunUnsupported', `The local run does not change the ${name} of a topic.`, 501);
    }
    const known = SETTABLE.includes(name) || FEEDBACK.test(name);
    const onFifo = ['ContentBasedDeduplication', 'FifoThroughputScope'].includes(name);
    if (!known || (onFifo && !this.fifo)) throw invalid('AttributeName');
    if (name === 'DisplayName' && value.length > 100) throw invalid('DisplayName');
    if (name === 'SignatureVersion' && !['1', '2'].includes(value)) throw invalid('SignatureVersion');
    this.values[name] = value;
  }

  /** What GetTopicAttributes returns. */
  shown(account: string, policy: string | undefined): ReadonlyMap<string, string> {
    const count = (pending: boolean) => this.subscriptions.filter((one) => one.pending === pending).length;
    return new Map([
      ['TopicArn', this.arn],
      ['Owner', account],
      ['DisplayName', ''],
      ['SubscriptionsConfirmed', String(count(false))],
      ['SubscriptionsPending', String(count(true))],
      ['SubscriptionsDeleted', '0'],
      ...(policy === undefined ? [] : Object.entries({ Policy: policy })),
      ...(this.fifo ? Object.entries({ FifoTopic: 'true', ContentBasedDeduplication: 'false' }) : []),
      ...Object.entries(this.values),
    ]);
  }

  private add(given: NewNotification): Notification {
    const message = taken(given, this.fifo ? ++this.sequence : undefined);
    this.published.push(message);
    return message;
  }

  private checkOrder({ groupId, deduplicationId }: NewNotification): void {
    if (!this.fifo) {
      if (deduplicationId === undefined) return;
      throw invalid(
        'MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type',
      );
    }
    if (groupId === undefined) throw invalid('The MessageGroupId parameter is required for FIFO topics');
    if (deduplicationId === undefined && this.values.ContentBasedDeduplication !== 'true') {
      throw invalid(
        'The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
      );
    }
  }
}
