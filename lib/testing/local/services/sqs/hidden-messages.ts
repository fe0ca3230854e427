import type { Message } from './message';

/** An invisible message: in flight or delayed. */
export interface HiddenMessage {
  /** The message. */
  readonly message: Message;
  /** Whether it is in flight. */
  readonly received: boolean;
  /** When it becomes visible, in milliseconds since the epoch. */
  until: number;
}

/** A queue's invisible messages and the message groups they block. */
export class HiddenMessages {
  private readonly byId = new Map<string, HiddenMessage>();
  private readonly groups = new Map<string, number>();
  private next = Infinity;

  /** @param fifo whether a message blocks its group */
  constructor(private readonly fifo: boolean) {}

  /** All of them, in the order they were hidden. */
  get all(): readonly HiddenMessage[] {
    return [...this.byId.values()];
  }

  /** When the first becomes visible; `Infinity` if there is none. */
  get nextDue(): number {
    return this.next;
  }

  /** The message of a receipt handle, if the handle is its latest. */
  find(handle: string): HiddenMessage | undefined {
    const hidden = this.byId.get(idOf(handle));
    return hidden?.message.handle === handle ? hidden : undefined;
  }

  /** Whether a message group is blocked. */
  closes(group: string): boolean {
    return this.groups.has(group);
  }

  /** Hides a message. */
  add(message: Message, until: number, received: boolean): void {
    const hidden = { message, received, until };
    this.byId.set(message.id, hidden);
    const { groupId } = message;
    if (this.fifo && groupId !== undefined) this.groups.set(groupId, (this.groups.get(groupId) ?? 0) + 1);
    this.keepUntil(hidden, until);
  }

  /** Changes how long a message stays hidden. */
  keepUntil(hidden: HiddenMessage, until: number): void {
    hidden.until = until;
    this.next = Math.min(this.next, until);
  }

  /**
   * Removes a message.
   * @returns whether its group is now unblocked
   */
  remove({ message: { id, groupId } }: HiddenMessage): boolean {
    this.byId.delete(id);
    if (!this.fifo || groupId === undefined) return false;
    const left = (this.groups.get(groupId) ?? 1) - 1;
    if (left > 0) this.groups.set(groupId, left);
    return left <= 0 && this.groups.delete(groupId);
  }

  /** The messages due to become visible. */
  due(now: number): readonly HiddenMessage[] {
    return now < this.next ? [] : this.all.filter(({ until }) => until <= now);
  }

  /** Recomputes the next due time, once due messages are removed. */
  lookAhead(): void {
    this.next = this.all.reduce((least, { until }) => Math.min(least, until), Infinity);
  }

  /** Forgets all. */
  clear(): void {
    this.byId.clear();
    this.groups.clear();
  }
}

/** The message id in a receipt handle. */
export function idOf(handle: string): string {
  return Buffer.from(handle, 'base64').toString().split(' ')[0]!;
}
