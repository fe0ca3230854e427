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

/** Delivers what is published to each subscription that wants it, and what cannot be delivered to its dead-letter queue. */
export class FanOut {
  private readonly endpoints: Endpoints;
  private readonly running = new Set<Promise<void>>();
  private readonly lanes = new Map<string, Promise<void>>();
  private readonly ending = new AbortController();

  /** What it delivers with, and the topics. */
  constructor(
    private readonly context: LocalContext,
    private readonly topics: Topics,
  ) {
    this.endpoints = new Endpoints(context);
  }

  /** How many deliveries are on their way. */
  get left(): number {
    return this.running.size;
  }

  /** Why messages of a subscription are not delivered here; undefined where they are. */
  whyNotDelivered(subscription: Subscription): string | undefined {
    return this.endpoints.whyNotDelivered(subscription);
  }

  /** Delivers a message; what becomes of it is seen at the endpoint, in the dead-letter queue, or in the topic's log. */
  publish(topic: Topic, message: Notification): void {
    for (const subscription of [...topic.subscriptions]) {
      if (subscription.pending || !subscription.wants(message)) continue;
      if (topic.fifo) this.inOrder(topic, subscription, message);
      else this.inAnyOrder(topic, subscription, message);
    }
  }

  /** Asks an HTTP endpoint to confirm its subscription, or tells it that somebody ended it. */
  ask(topic: Topic, subscription: Subscription, type: SubscriptionMessage['type']): void {
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

  /** Waits for what is on its way; nothing is tried again. */
  async stop(): Promise<void> {
    this.ending.abort();
    await Promise.allSettled(this.running);
  }

  /** One after the other, so that a message that is tried again holds back those behind it. */
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
      await this.endpoints.bury(message, subscription, queue);
    } catch (error) {
      this.log(topic, `${said}; and to its dead-letter queue: ${messageOf(error)}`);
    }
  }

  /** The failure that is left when nothing is tried again. An error of the client is not. */
  private async attempts(attempt: () => Promise<void>, pauses: Pauses): Promise<AwsError | undefined> {
    const left = pauses[Symbol.iterator]();
    for (;;) {
      try {
        await attempt();
        return undefined;
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        // What the local run does not have would not be there at the next attempt.
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
