import { DISORDER } from '../../kernel/disorder';
import { idOf } from './hidden-messages';
import type { Message } from './message';

/** A queue's visible messages, in order. */
export class VisibleMessages {
  private messages: Message[] = [];

  get all(): readonly Message[] {
    return this.messages;
  }

  get count(): number {
    return this.messages.length;
  }

  get first(): Message | undefined {
    return this.messages[0];
  }

  add(message: Message): void {
    this.messages.push(message);
  }

  addAll(messages: readonly Message[]): void {
    this.messages = this.messages.concat(messages);
  }

  /** Adds a message ahead of the last one, which is late then. */
  addBeforeLast(message: Message): void {
    const last = this.messages.pop();
    this.messages.push(message);
    if (last) this.messages.push({ ...last, disorder: DISORDER.late });
  }

  /** Visits the messages in order until the end of them or of the visit; what is added meanwhile is visited, too. */
  sweep(visit: (message: Message) => 'remove' | 'leave' | 'end'): void {
    let [index, left] = [0, 0];
    for (; index < this.messages.length; index++) {
      const message = this.messages[index]!;
      const verdict = visit(message);
      if (verdict === 'end') break;
      if (verdict === 'leave') this.messages[left++] = message;
    }
    // Once and in place, since a removal moves all that follow.
    if (index > left) this.messages.splice(left, index - left);
  }

  /** Removes the message of a receipt handle, if the handle is its latest. */
  remove(handle: string): Message | undefined {
    const id = idOf(handle);
    const index = this.messages.findIndex((message) => message.id === id && message.handle === handle);
    return index < 0 ? undefined : this.messages.splice(index, 1)[0];
  }

  /** Puts others in their place. */
  replace(messages: Message[]): void {
    this.messages = messages;
  }

  /** Restores the order in which they were sent. */
  sort(): void {
    this.messages.sort((a, b) => a.sequence - b.sequence);
  }

  clear(): void {
    this.messages = [];
  }
}
