/** What somebody said in a room. */
export interface Message {
  readonly id: number;
  readonly author: string;
  readonly text: string;
  /** When, in milliseconds since the epoch. */
  readonly at: number;
}

/** What a room sends to a client. */
export type Event =
  | { readonly type: 'history'; readonly messages: readonly Message[] }
  | { readonly type: 'message'; readonly message: Message }
  | { readonly type: 'joined' | 'left'; readonly who: string; readonly present: readonly string[] }
  | { readonly type: 'refused'; readonly reason: string };

/** Characters of one message. */
export const TEXT_LIMIT = 1000;

/** The text that a client sent; undefined when it is none. */
export function textOf(data: string | ArrayBuffer): string | undefined {
  if (typeof data !== 'string') return undefined;
  try {
    const { text } = Object(JSON.parse(data)) as { readonly text?: unknown };
    return typeof text === 'string' && text.trim() !== '' && text.length <= TEXT_LIMIT ? text.trim() : undefined;
  } catch {
    return undefined;
  }
}
