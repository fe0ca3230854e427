import { randomUUID } from 'node:crypto';
import { AwsError } from '../../kernel/aws-errors';
import { pause } from '../../kernel/clock';
import { DISORDER } from '../../kernel/disorder';
import { messageOf } from '../../kernel/errors';
import type { LocalContext } from '../../kernel/service';
import { Endpoints } from './endpoints';
import { subscriptionEnvelope, type SubscriptionMessage } from './envelope';
import type { Notification } from './message';
import { httpPauses, managedPauses, type Pauses } from './retry';
import type { Subscription } from './subscription';
import type { Topic } from './topic';
import type { Topics } from './topics';

/** Delivers published messages to every matching subscription, and failed deliveries to its dead-letter queue. */
export class FanOut {
  private readonly endpoints: Endpoints;
  private readonly running = new Set<Promise<void>>();
  private readonly lanes = new Map<string, Promise<void>>();
  private readonly ending = new AbortController();

  /** @param topics the topics of the run */
  constructor(
    private readonly context: LocalContext,
    private readonly topics: Topics,
  ) {
    this.endpoints = new Endpoints(context);
  }

  /** The number of deliveries in flight. */
  get left(): number {
    return this.running.size;
  }

  /** Why a subscription's messages are not delivered locally; undefined if they are. */
  whyNotDelivered(subscription: Subscription): string | undefined {
    return this.endpoints.whyNotDelivered(subscription);
  }

  /** Starts delivering a message; the outcome shows at the endpoint, in the dead-letter queue or in the topic's log. */
  publish(topic: Topic, message: Notification): void {
    for (const subscription of [...topic.subscriptions]) {
      if (subscription.pending || !subscription.wants(message)) continue;
      if (topic.fifo) this.inOrder(topic, subscription, message);
      else this.inAnyOrder(topic, subscription, message);
    }
  }

  /** Asks an HTTP endpoint to confirm its subscription, or notifies it of the unsubscription. */
  sendRequest(topic: Topic, subscription: Subscription, type: SubscriptionMessage['type']): void {
    if (!subscription.protocol.startsWith('http') || this.whyNotDelivered(subscription)) return;
    const message: SubscriptionMessage = { type, id: randomUUID(), token: this.topics.tokenFor(subscription) };
    const body = subscriptionEnvelope(message, subscription, this.endpoints.place);
    const attempt = () => this.endpoints.tell(subscription, type, message.id, body);
    this.track(
      this.attempts(attempt, this.pausesOf(subscription, topic)).then((failure) => {
        if (failure) this.log(topic, `ERROR ${type} to ${subscription.endpoint} failed: ${failure.message}`);
      }),
    );
  }

  /** Waits for deliveries in flight, without further retries. */
  async stop(): Promise<void> {
    this.ending.abort();
    await Promise.allSettled(this.running);
  }

  /** Delivers in order: a message being retried blocks the ones behind it. */
  private inOrder(topic: Topic, subscription: Subscription, message: Notification): void {
    const lane = (this.lanes.get(subscription.arn) ?? Promise.resolve()).then(() =>
      this.deliver(topic, subscription, message),
    );
    this.lanes.set(subscription.arn, lane);
    this.track(lane);
  }

  private inAnyOrder(topic: Topic, subscription: Subscription, message: Notification): void {
    const { repeated, held } = this.context.disorder.turn(`notification ${subscription.arn}`);
    const begin = async () => this.deliver(topic, subscription, message, (await held) ? DISORDER.late : undefined);
    this.track(begin());
    if (repeated) this.track(this.deliver(topic, subscription, message, DISORDER.twice));
  }

  private track(work: Promise<void>): void {
    const tracked = work.finally(() => this.running.delete(tracked));
    this.running.add(tracked);
    this.context.background.run('SNS', tracked);
  }

  private async deliver(
    topic: Topic,
    subscription: Subscription,
    message: Notification,
    disorder?: string,
  ): Promise<void> {
    const attempt = () => this.endpoints.deliver(message, subscription, topic, disorder);
    const failure = await this.attempts(attempt, this.pausesOf(subscription, topic));
    if (!failure) return;
    const said = `ERROR delivery to ${subscription.endpoint} failed: ${failure.message}`;
    const queue = subscription.deadLetterQueue;
    if (queue === undefined)
      return this.log(topic, `${said}; the message is lost: its subscription has no dead-letter queue`);
    try {
      await this.endpoints.sendToDeadLetterQueue(message, subscription, queue);
    } catch (error) {
      this.log(topic, `${said}; and to its dead-letter queue: ${messageOf(error)}`);
    }
  }

  /** The failure left once retries are exhausted. Client errors are not retried. */
  private async attempts(attempt: () => Promise<void>, pauses: Pauses): Promise<AwsError | undefined> {
    const left = pauses[Symbol.iterator]();
    for (;;) {
      try {
        await attempt();
        return undefined;
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        // A 501 means the local run does not support it; retrying cannot help.
        const next = error.status < 500 || error.status === 501 ? undefined : left.next();
        if (!next || next.done || this.ending.signal.aborted) return error;
        await pause(this.context.clock.milliseconds(next.value), this.ending.signal);
      }
    }
  }

  private pausesOf(subscription: Subscription, topic: Topic): Pauses {
    if (!subscription.protocol.startsWith('http')) return managedPauses();
    return httpPauses(subscription.setting('DeliveryPolicy'), topic.attribute('DeliveryPolicy'));
  }

  private log(topic: Topic, line: string): void {
    this.context.logs.write(this.topics.displayNameOf(topic), line);
  }
}
