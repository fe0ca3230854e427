import { randomUUID } from 'node:crypto';
import { AwsError } from '../../kernel/aws-errors';
import type { Clock } from '../../kernel/clock';
import { DISORDER, type Disorder } from '../../kernel/disorder';
import type { KeptEntries } from '../../kernel/kept-entries';
import { Deduplication } from './deduplication';
import { md5, type Message, type NewMessage } from './message';
import type { QueueSettings } from './settings';
import { Arrivals } from './arrivals';
import { type HiddenMessage, HiddenMessages, idOf } from './hidden-messages';
import { checkNewMessage } from './validation';
import { VisibleMessages } from './visible-messages';

/** Options of a receive. */
export interface ReceiveOptions {
  /** Maximum number of messages. */
  readonly max: number;
  /** Visibility timeout in seconds, overriding the queue's. */
  readonly visibility?: number;
  /** Whether to take one more message; by default always. */
  readonly fits?: (message: Message) => boolean;
  /** Keeps messages hidden while they are processed in real time, however fast the clock runs; see `letGo`. */
  readonly hold?: boolean;
}

/** Dependencies of a queue. */
export interface QueueContext {
  /** The services' clock. */
  readonly clock: Clock;
  /** Reordering and duplication on a standard queue. */
  readonly disorder: Disorder;
  /** The URL of a queue. */
  readonly urlOf: (name: string) => string;
  /** Takes a message past its maximum receives; false leaves it in place. */
  readonly deadLetter: (from: Queue, message: Message) => boolean;
  /** Messages that outlive the run, by queue and id. */
  readonly kept: KeptEntries<Message>;
}

const IN_ORDER = { repeated: false, swapped: false };

/** Seconds between two purges of a queue. */
const PURGE_SECONDS = 60;

/** An SQS queue, standard or FIFO: its visible messages, in order, and its hidden ones. */
export class Queue {
  /** Whether it preserves order per group. */
  readonly fifo: boolean;
  private readonly visible = new VisibleMessages();
  private readonly hidden: HiddenMessages;
  private readonly arrivals: Arrivals;
  private readonly duplicates: Deduplication;
  private sequence = 0;
  private purgedAt: number | undefined;

  /** Its name, ARN and settings. */
  constructor(
    readonly name: string,
    readonly arn: string,
    public settings: QueueSettings,
    private readonly context: QueueContext,
  ) {
    this.fifo = name.endsWith('.fifo');
    this.duplicates = new Deduplication(context.clock);
    this.hidden = new HiddenMessages(this.fifo);
    this.arrivals = new Arrivals(
      () => this.hidden.nextDue,
      () => this.promote(),
    );
  }

  /** Its URL. */
  get url(): string {
    return this.context.urlOf(this.name);
  }

  /** The number of visible, in-flight and delayed messages. */
  get depth(): { readonly visible: number; readonly inFlight: number; readonly delayed: number } {
    this.promote();
    const hidden = this.hidden.all;
    const inFlight = hidden.filter(({ received }) => received).length;
    return { visible: this.visible.count, inFlight, delayed: hidden.length - inFlight };
  }

  /** All its messages, visible ones first. */
  get messages(): readonly Message[] {
    this.promote();
    return [...this.visible.all, ...this.hidden.all.map(({ message }) => message)];
  }

  /**
   * Accepts a message. On a FIFO queue, a duplicate gets the original's response and is dropped.
   * @throws AwsError when SQS would reject the message
   */
  send(given: NewMessage): Message {
    checkNewMessage(given, this.settings, this.fifo);
    const deduplicationId =
      given.deduplicationId ?? (this.fifo && this.settings.contentBasedDeduplication ? md5(given.body) : undefined);
    const scope = this.settings.deduplicatePerGroup ? given.groupId : '';
    const first = this.fifo && this.duplicates.first(`${scope} ${deduplicationId}`);
    if (first) return first;
    const message = this.add({ ...given, ...(deduplicationId !== undefined && { deduplicationId }) });
    if (this.fifo) this.duplicates.remember(`${scope} ${deduplicationId}`, message);
    return message;
  }

  /**
   * Takes a dead letter from another queue. It keeps its id, and on a standard queue its age.
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/setting-up-dead-letter-queue-retention.html
   */
  adopt({ id, receives, firstReceivedAt, ...message }: Message, source: string): void {
    const sentAt = this.fifo ? Date.now() : message.sentAt;
    const adopted = { ...message, repeated: false, id, sentAt, sequence: ++this.sequence, source, receives };
    this.visible.add(this.kept({ ...adopted, ...(firstReceivedAt !== undefined && { firstReceivedAt }) }));
    this.arrivals.wake();
  }

  /** Restores messages from an earlier run; those in flight then are visible again. */
  keep(messages: readonly Message[]): void {
    for (const given of messages) {
      const message = { ...given, sequence: ++this.sequence };
      if ((message.delayedUntil ?? 0) > Date.now()) this.hide(message, message.delayedUntil!, false);
      else this.visible.add(message);
    }
    if (messages.length > 0) this.arrivals.wake();
  }

  /** Receives visible messages, if any. */
  receive({ max, visibility = this.settings.visibilityTimeout, fits, hold }: ReceiveOptions): Message[] {
    this.promote();
    const taken: Message[] = [];
    const groups = new Set<string>();
    const oldest = this.oldest();
    this.visible.sweep((message) => {
      if (taken.length === max) return 'end';
      const group = this.fifo ? message.groupId : undefined;
      if (group !== undefined && this.hidden.closes(group) && !groups.has(group)) return 'leave';
      const { redrive } = this.settings;
      const spent = redrive !== undefined && message.receives >= redrive.maxReceiveCount;
      if (message.sentAt < oldest || (spent && this.context.deadLetter(this, message))) {
        this.forget(message);
        return 'remove';
      }
      if (fits?.(message) === false) return 'end';
      message.receives++;
      message.firstReceivedAt ??= Date.now();
      message.handle = Buffer.from(`${message.id} ${randomUUID()}`).toString('base64');
      this.kept(message);
      this.hide(message, hold ? Date.now() + visibility * 1000 : this.context.clock.after(visibility), true);
      if (group !== undefined) groups.add(group);
      taken.push(message);
      return 'remove';
    });
    return taken;
  }

  /** Resolves when a message becomes available, on timeout, or on abort. */
  arrival(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return this.arrivals.next(milliseconds, signal);
  }

  /**
   * Deletes a received message.
   * @returns false unless the handle is a message's latest one
   */
  delete(handle: string): boolean {
    if (this.fifo) this.promote();
    const hidden = this.hidden.find(handle);
    if (hidden) {
      this.show(hidden);
      this.forget(hidden.message);
      if (hidden.message.repeated) this.repeat(hidden.message);
      return true;
    }
    const message = this.fifo ? undefined : this.visible.remove(handle);
    if (message) this.forget(message);
    return message !== undefined;
  }

  /** Sets when a received message becomes visible again; false if the handle has no message in flight. */
  changeVisibility(handle: string, seconds: number): boolean {
    this.promote();
    const hidden = this.hidden.find(handle);
    if (!hidden?.received) return false;
    this.hideUntil(hidden, this.context.clock.after(seconds));
    return true;
  }

  /** Ends a hold: the rest of the visibility timeout elapses at the clock's pace. */
  letGo(handle: string): void {
    const hidden = this.hidden.find(handle);
    if (!hidden) return;
    this.hideUntil(hidden, this.context.clock.after(Math.max(0, hidden.until - Date.now()) / 1000));
  }

  /** Whether the handle's message is still in the queue. */
  holds(handle: string): boolean {
    return this.messages.some(({ id }) => id === idOf(handle));
  }

  /**
   * Purges the queue, at most once a minute.
   * @throws AwsError when the last purge was too recent
   */
  purgeOnce(): void {
    if (this.purgedAt !== undefined && this.context.clock.since(this.purgedAt) < PURGE_SECONDS) {
      const message = `Only one PurgeQueue operation on ${this.name} is allowed every ${PURGE_SECONDS} seconds.`;
      throw new AwsError('PurgeQueueInProgress', message, 403);
    }
    this.purgedAt = Date.now();
    this.purge();
  }

  purge(): void {
    this.messages.forEach((message) => this.forget(message));
    this.visible.clear();
    this.hidden.clear();
  }

  stop(): void {
    this.arrivals.stop();
  }

  /** When the oldest message whose retention has not ended was sent. */
  private oldest(now = Date.now()): number {
    return now - this.context.clock.milliseconds(this.settings.retention);
  }

  /** The messages whose retention has not ended; the others are dropped. */
  private retained(messages: readonly Message[], oldest: number): Message[] {
    for (const message of messages) if (message.sentAt < oldest) this.forget(message);
    return messages.filter(({ sentAt }) => sentAt >= oldest);
  }

  private kept(message: Message): Message {
    this.context.kept.set(`${this.name}/${message.id}`, message);
    return message;
  }

  private forget({ id }: Message): void {
    this.context.kept.delete(`${this.name}/${id}`);
  }

  private add(given: NewMessage): Message {
    const { repeated, swapped } = this.fifo ? IN_ORDER : this.context.disorder.next(this.arn);
    const delay = given.delay ?? this.settings.delay;
    const delayedUntil = delay > 0 ? this.context.clock.after(delay) : undefined;
    const message = this.kept({
      ...given,
      id: randomUUID(),
      sentAt: Date.now(),
      sequence: ++this.sequence,
      receives: 0,
      ...(repeated && { repeated }),
      ...(delayedUntil !== undefined && { delayedUntil }),
    });
    if (delayedUntil !== undefined) this.hide(message, delayedUntil, false);
    else if (swapped) this.visible.addBeforeLast(message);
    else this.visible.add(message);
    this.arrivals.wake();
    return message;
  }

  /** Re-adds a copy of a deleted message, as another SQS server may still hold it. */
  private repeat({ id, sentAt, sequence, receives, firstReceivedAt, ...given }: Message): void {
    const copy = { id, sentAt, sequence, receives: receives - 1, repeated: false, disorder: DISORDER.twice };
    this.visible.add(this.kept({ ...given, ...copy, ...(firstReceivedAt !== undefined && { firstReceivedAt }) }));
    this.arrivals.wake();
  }

  private hide(message: Message, until: number, received: boolean): void {
    this.hidden.add(message, until, received);
    this.arrivals.watch();
  }

  private hideUntil(hidden: HiddenMessage, until: number): void {
    this.hidden.keepUntil(hidden, until);
    this.arrivals.watch();
  }

  private show(hidden: HiddenMessage): void {
    if (this.hidden.remove(hidden)) this.arrivals.wake();
  }

  /** Makes due messages visible (in order on a FIFO queue) and drops expired ones. */
  private promote(): void {
    const now = Date.now();
    const oldest = this.oldest(now);
    if ((this.visible.first?.sentAt ?? oldest) < oldest) this.visible.replace(this.retained(this.visible.all, oldest));
    if (now < this.hidden.nextDue) return;
    const due = this.hidden.due(now);
    for (const hidden of due) this.show(hidden);
    const shown = due.map(({ message }) => message);
    this.visible.addAll(this.retained(shown, oldest));
    if (this.fifo) this.visible.sort();
    this.hidden.lookAhead();
  }
}
