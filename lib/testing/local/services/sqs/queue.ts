import { randomUUID } from 'node:crypto';
import { AwsError } from '../../kernel/aws-errors';
import type { Clock } from '../../kernel/clock';
import { DISORDER, type Disorder } from '../../kernel/disorder';
import { Deduplication } from './deduplication';
import { md5, type Message, type NewMessage } from './message';
import type { QueueSettings } from './settings';
import { Arrivals } from './arrivals';
import { type HiddenMessage, HiddenMessages, idOf } from './hidden-messages';
import { checkNewMessage } from './validation';

/** How messages are received. */
export interface ReceiveOptions {
  /** Most messages. */
  readonly max: number;
  /** Seconds for which they are hidden, instead of the queue's. */
  readonly visibility?: number;
  /** Whether one more message is taken; by default each is. */
  readonly fits?: (message: Message) => boolean;
  /** They stay hidden while somebody works on them, for whose time the clock does not run faster; see `letGo`. */
  readonly hold?: boolean;
}

/** What a queue needs of the others. */
export interface QueueContext {
  /** The time of the services. */
  readonly clock: Clock;
  /** The order and number of messages of a standard queue. */
  readonly disorder: Disorder;
  /** Where the SDK finds a queue. */
  readonly urlOf: (name: string) => string;
  /** Takes a message that was received too often; false leaves it where it is. */
  readonly deadLetter: (from: Queue, message: Message) => boolean;
}

const IN_ORDER = { repeated: false, swapped: false };

/** Seconds between two purges of a queue. */
const PURGE_SECONDS = 60;

/** A queue of SQS, standard or FIFO: what waits in it, in order, and what is hidden. */
export class Queue {
  /** Whether it keeps an order per group. */
  readonly fifo: boolean;
  private ready: Message[] = [];
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

  /** Where the SDK finds it. */
  get url(): string {
    return this.context.urlOf(this.name);
  }

  /** How many messages wait, are in somebody's hands, and are delayed. */
  get depth(): { readonly visible: number; readonly inFlight: number; readonly delayed: number } {
    this.promote();
    const hidden = this.hidden.all;
    const inFlight = hidden.filter(({ received }) => received).length;
    return { visible: this.ready.length, inFlight, delayed: hidden.length - inFlight };
  }

  /** All its messages, those that wait first. */
  get messages(): readonly Message[] {
    this.promote();
    return [...this.ready, ...this.hidden.all.map(({ message }) => message)];
  }

  /**
   * Takes a message. On a FIFO queue a duplicate is answered as the first one was, and dropped.
   * @throws AwsError as SQS refuses a message
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

  /** Takes a message that another queue gave up. It keeps its id and its age. */
  adopt({ id, sentAt, receives, firstReceivedAt, ...message }: Message, source: string): void {
    const adopted = { ...message, repeated: false, id, sentAt, sequence: ++this.sequence, source, receives };
    this.ready.push({ ...adopted, ...(firstReceivedAt !== undefined && { firstReceivedAt }) });
    this.arrivals.wake();
  }

  /** Takes messages that an earlier run has kept; those that were in somebody's hands wait again. */
  keep(messages: readonly Message[]): void {
    for (const message of messages) this.ready.push({ ...message, sequence: ++this.sequence });
    if (messages.length > 0) this.arrivals.wake();
  }

  /** Hands out messages that wait; none when there is none. */
  receive({ max, visibility = this.settings.visibilityTimeout, fits, hold }: ReceiveOptions): Message[] {
    this.promote();
    const taken: Message[] = [];
    const groups = new Set<string>();
    for (let index = 0; index < this.ready.length && taken.length < max;) {
      const message = this.ready[index]!;
      const group = this.fifo ? message.groupId : undefined;
      if (group !== undefined && this.hidden.closes(group) && !groups.has(group)) {
        index++;
        continue;
      }
      const { redrive } = this.settings;
      if (redrive && message.receives >= redrive.maxReceiveCount && this.context.deadLetter(this, message)) {
        this.ready.splice(index, 1);
        continue;
      }
      if (fits?.(message) === false) break;
      this.ready.splice(index, 1);
      message.receives++;
      message.firstReceivedAt ??= Date.now();
      message.handle = Buffer.from(`${message.id} ${randomUUID()}`).toString('base64');
      this.hide(message, hold ? Date.now() + visibility * 1000 : this.context.clock.after(visibility), true);
      if (group !== undefined) groups.add(group);
      taken.push(message);
    }
    return taken;
  }

  /** Resolves when the next message comes to wait, after the time, or at the signal. */
  arrival(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return this.arrivals.next(milliseconds, signal);
  }

  /**
   * Deletes a received message.
   * @returns false when the handle is not the latest one of a message here
   */
  delete(handle: string): boolean {
    if (this.fifo) this.promote();
    const hidden = this.hidden.find(handle);
    if (hidden) {
      this.show(hidden);
      if (hidden.message.repeated) this.repeat(hidden.message);
      return true;
    }
    const id = idOf(handle);
    const index = this.fifo ? -1 : this.ready.findIndex((message) => message.id === id && message.handle === handle);
    if (index >= 0) this.ready.splice(index, 1);
    return index >= 0;
  }

  /** Sets when a received message is seen again; false when it is in nobody's hands by this handle. */
  changeVisibility(handle: string, seconds: number): boolean {
    this.promote();
    const hidden = this.hidden.find(handle);
    if (!hidden?.received) return false;
    this.hideUntil(hidden, this.context.clock.after(seconds));
    return true;
  }

  /** Nobody works on a message any more: what remains of its visibility timeout passes at the clock's pace. */
  letGo(handle: string): void {
    const hidden = this.hidden.find(handle);
    if (!hidden) return;
    this.hideUntil(hidden, this.context.clock.after(Math.max(0, hidden.until - Date.now()) / 1000));
  }

  /** Whether the message of a handle is still here. */
  holds(handle: string): boolean {
    return this.messages.some(({ id }) => id === idOf(handle));
  }

  /**
   * Removes everything for a caller, who may ask for it once in a minute.
   * @throws AwsError when the last time is not long enough ago
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
    this.ready = [];
    this.hidden.clear();
  }

  stop(): void {
    this.arrivals.stop();
  }

  private add(given: NewMessage): Message {
    const { repeated, swapped } = this.fifo ? IN_ORDER : this.context.disorder.next(this.arn);
    const made = { ...given, id: randomUUID(), sentAt: Date.now(), sequence: ++this.sequence, receives: 0 };
    const message: Message = repeated ? { ...made, repeated } : made;
    const delay = given.delay ?? this.settings.delay;
    if (delay > 0) this.hide(message, this.context.clock.after(delay), false);
    else if (swapped && this.ready.length > 0) this.overtake(message);
    else this.ready.push(message);
    this.arrivals.wake();
    return message;
  }

  /** A message goes before the one that was sent before it. */
  private overtake(message: Message): void {
    const last = this.ready.pop()!;
    this.ready.push(message, { ...last, disorder: DISORDER.late });
  }

  /** A copy of a message that was deleted, as another server of SQS may still have it. */
  private repeat({ id, sentAt, sequence, receives, firstReceivedAt, ...given }: Message): void {
    const copy = { id, sentAt, sequence, receives: receives - 1, repeated: false, disorder: DISORDER.twice };
    this.ready.push({ ...given, ...copy, ...(firstReceivedAt !== undefined && { firstReceivedAt }) });
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

  /** Brings back what is due, in order on a FIFO queue, and drops what is too old. */
  private promote(): void {
    const now = Date.now();
    const oldest = now - this.context.clock.milliseconds(this.settings.retention);
    if (this.ready.length > 0 && this.ready[0]!.sentAt < oldest) {
      this.ready = this.ready.filter(({ sentAt }) => sentAt >= oldest);
    }
    if (now < this.hidden.nextDue) return;
    const due = this.hidden.due(now);
    for (const hidden of due) this.show(hidden);
    this.ready.push(...due.map(({ message }) => message).filter(({ sentAt }) => sentAt >= oldest));
    if (this.fifo) this.ready.sort((a, b) => a.sequence - b.sequence);
    this.hidden.lookAhead();
  }
}
