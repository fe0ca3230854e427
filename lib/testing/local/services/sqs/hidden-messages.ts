import type { Message } from './message';

/** A message that nobody can receive: in somebody's hands, or delayed. */
export interface HiddenMessage {
  /** The message. */
  readonly message: Message;
  /** Whether it is in somebody's hands. */
  readonly received: boolean;
  /** When it comes back, in milliseconds since the epoch. */
  until: number;
}

/** The messages of a queue that nobody can receive, and the groups that they keep closed. */
export class HiddenMessages {
  private readonly byId = new Map<string, HiddenMessage>();
  private readonly groups = new Map<string, number>();
  private next = Infinity;

  /** @param fifo whether a message closes its group */
  constructor(private readonly fifo: boolean) {}

  /** All of them, in the order in which they were hidden. */
  get all(): readonly HiddenMessage[] {
    return [...this.byId.values()];
  }

  /** When the first of them comes back; never, where there is none. */
  get nextDue(): number {
    return this.next;
  }

  /** The one of a handle, where that is the latest one of the message. */
  find(handle: string): HiddenMessage | undefined {
    const hidden = this.byId.get(idOf(handle));
    return hidden?.message.handle === handle ? hidden : undefined;
  }

  /** Whether a group has a message among them. */
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

  /** Hides one longer, or less long. */
  keepUntil(hidden: HiddenMessage, until: number): void {
    hidden.until = until;
    this.next = Math.min(this.next, until);
  }

  /**
   * Takes one out.
   * @returns whether its group is open now
   */
  remove({ message: { id, groupId } }: HiddenMessage): boolean {
    this.byId.delete(id);
    if (!this.fifo || groupId === undefined) return false;
    const left = (this.groups.get(groupId) ?? 1) - 1;
    if (left > 0) this.groups.set(groupId, left);
    return left <= 0 && this.groups.delete(groupId);
  }

  /** Those that are due. */
  due(now: number): readonly HiddenMessage[] {
    return now < this.next ? [] : this.all.filter(({ until }) => until <= now);
  }

  /** Looks anew when the first of them comes back: those that were due are out. */
  lookAhead(): void {
    this.next = this.all.reduce((least, { until }) => Math.min(least, until), Infinity);
  }

  /** Forgets all. */
  clear(): void {
    this.byId.clear();
    this.groups.clear();
  }
}

/** The id of the message that a handle names. */
export function idOf(handle: string): string {
  return Buffer.from(handle, 'base64').toString().split(' ')[0]!;
}
