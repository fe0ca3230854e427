import { backendOf, whyBackendNotRun } from '../../kernel/backends';
import { AwsError } from '../../kernel/aws-errors';
import { messageOf } from '../../kernel/errors';
import type { JsonObject } from '../../kernel/json';
import type { Delivery, LocalContext } from '../../kernel/service';
import { envelope, type EnvelopePlace, functionEvent } from './envelope';
import { contentFor, type Notification } from './message';
import { contentTypeIn } from './retry';
import type { Subscription } from './subscription';
import type { Topic } from './topic';

/** Protocols that leave AWS or target services the local run does not emulate. */
const NOT_DELIVERED = ['email', 'email-json', 'sms', 'application', 'firehose'];
/** How long an HTTP endpoint may take to respond, in seconds. */
const PATIENCE = 15;

/** Delivers messages to subscription endpoints, without retries. */
export class Endpoints {
  /** @param context the local run that delivers them */
  constructor(private readonly context: LocalContext) {}

  /** Why a subscription's messages are not delivered locally; undefined if they are. */
  whyNotDelivered({ protocol, endpoint }: Subscription): string | undefined {
    if (NOT_DELIVERED.includes(protocol)) return `messages are not delivered to '${endpoint}': ${protocol} is not run`;
    if (protocol.startsWith('http')) {
      const reason = whyBackendNotRun(this.context, this.context.localized(endpoint), [endpoint]);
      return reason && `messages are not delivered: ${reason}`;
    }
    return this.context.reaches(endpoint) ? undefined : `its endpoint '${endpoint}' is not run`;
  }

  /**
   * Delivers a message.
   * @throws AwsError when the endpoint rejects it; a status of 500 or above is retryable
   */
  async deliver(message: Notification, subscription: Subscription, topic: Topic, disorder?: string): Promise<void> {
    const { protocol, endpoint } = subscription;
    if (protocol.startsWith('http')) return this.post(message, subscription, topic);
    const sender = { service: 'sns.amazonaws.com', arn: topic.arn };
    const late = disorder !== undefined && { disorder };
    const own =
      protocol === 'lambda'
        ? { payload: functionEvent(message, subscription, this.place) }
        : queueMessage(message, subscription, endpoint, this.place);
    await this.context.deliver({ target: endpoint, sender, ...own, ...late });
  }

  /** Sends an undeliverable message to a dead-letter queue. */
  async sendToDeadLetterQueue(message: Notification, subscription: Subscription, queue: string): Promise<void> {
    const sender = { service: 'sns.amazonaws.com', arn: subscription.topicArn };
    await this.context.deliver({ target: queue, sender, ...queueMessage(message, subscription, queue, this.place) });
  }

  /** Sends a message from SNS itself to an HTTP endpoint. */
  async tell(subscription: Subscription, type: string, id: string, body: JsonObject): Promise<void> {
    await this.send(subscription.endpoint, JSON.stringify(body), {
      'content-type': 'text/plain; charset=UTF-8',
      'x-amz-sns-message-type': type,
      'x-amz-sns-message-id': id,
      'x-amz-sns-topic-arn': subscription.topicArn,
    });
  }

  /** The base of the links in messages. */
  get place(): EnvelopePlace {
    return this.context;
  }

  private async post(message: Notification, subscription: Subscription, topic: Topic): Promise<void> {
    const { raw, endpoint } = subscription;
    const body = raw
      ? contentFor(message, subscription.protocol)
      : JSON.stringify(envelope(message, subscription, this.place));
    const type = contentTypeIn(subscription.setting('DeliveryPolicy'), topic.attribute('DeliveryPolicy'));
    await this.send(endpoint, body, {
      'content-type': type ?? 'text/plain; charset=UTF-8',
      'x-amz-sns-message-type': 'Notification',
      'x-amz-sns-message-id': message.id,
      'x-amz-sns-topic-arn': topic.arn,
      'x-amz-sns-subscription-arn': subscription.arn,
      ...(raw && { 'x-amz-sns-rawdelivery': 'true' }),
    });
  }

  private async send(endpoint: string, body: string, headers: Readonly<Record<string, string>>): Promise<void> {
    const url = backendOf(this.context, this.context.localized(endpoint), [endpoint]);
    if (!url) throw new AwsError('LocalRunUnsupported', `'${endpoint}' is not on this machine`, 501);
    const response = await this.answer(url, body, headers);
    await response.arrayBuffer().catch(() => undefined);
    if (response.status < 400) return;
    // 429 is retried like a server error.
    const status = response.status === 429 ? 503 : response.status;
    throw new AwsError('HttpError', `'${endpoint}' answered ${response.status}`, status);
  }

  private async answer(url: URL, body: string, headers: Readonly<Record<string, string>>): Promise<Response> {
    try {
      const agent = { 'user-agent': 'Amazon Simple Notification Service Agent' };
      const signal = AbortSignal.timeout(PATIENCE * 1000);
      return await fetch(url, { method: 'POST', body, headers: { ...headers, ...agent }, redirect: 'manual', signal });
    } catch (error) {
      throw new AwsError('NetworkError', `'${url.origin}' does not answer: ${messageOf(error)}`, 503);
    }
  }
}

/** What a queue receives: the bare message with its attributes for raw delivery, otherwise the envelope. */
function queueMessage(
  message: Notification,
  subscription: Subscription,
  queue: string,
  place: EnvelopePlace,
): Pick<Delivery, 'payload' | 'message'> {
  const { groupId, deduplicationId } = message;
  const ordered = queue.endsWith('.fifo') && deduplicationId !== undefined;
  return {
    payload: subscription.raw
      ? contentFor(message, subscription.protocol)
      : JSON.stringify(envelope(message, subscription, place)),
    message: {
      ...(subscription.raw && { attributes: message.attributes }),
      groupId,
      ...(ordered && { deduplicationId }),
    },
  };
}
