/**
 * A JSON value whose numbers keep the digits that they are written with: patterns compare integers beyond 2^53, which a
 * number of JavaScript cannot hold. An object is a list of its members, since a name may occur twice.
 */
export type Node = ObjectNode | ListNode | TextNode | WordNode | OpenNode;

/** An object: its members in order. */
export interface ObjectNode {
  readonly kind: 'object';
  readonly members: readonly (readonly [name: string, value: Node])[];
}

export interface ListNode {
  readonly kind: 'list';
  readonly items: readonly Node[];
}

/** A text. */
export interface TextNode {
  readonly kind: 'text';
  readonly text: string;
}

/** A number, as it is written, or `true`, `false` or `null`. */
export interface WordNode {
  readonly kind: 'number' | 'word';
  readonly text: string;
}

/** A value that is known only at deployment. */
export interface OpenNode {
  readonly kind: 'open';
}

const TOKEN =
  /\s*(?:([{}[\]:,])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null))/y;

/**
 * Reads JSON.
 * @returns undefined for a text that is none
 */
export function readJson(source: string): Node | undefined {
  const reader = new Reader(source);
  const node = reader.value();
  return node && reader.isAtEnd() ? node : undefined;
}

class Reader {
  private at = 0;

  constructor(private readonly source: string) {}

  isAtEnd(): boolean {
    return this.source.slice(this.at).trim() === '';
  }

  value(token = this.next()): Node | undefined {
    if (!token) return undefined;
    const [, sign, text, number, word] = token;
    if (text !== undefined) return { kind: 'text', text: JSON.parse(text) as string };
    if (number !== undefined) return { kind: 'number', text: number };
    if (word !== undefined) return { kind: 'word', text: word };
    if (sign === '{') return this.object();
    return sign === '[' ? this.list() : undefined;
  }

  private object(): Node | undefined {
    const members: [string, Node][] = [];
    let token = this.next();
    if (token?.[1] === '}') return { kind: 'object', members };
    for (;;) {
      const name = token?.[2];
      if (name === undefined || this.next()?.[1] !== ':') return undefined;
      const value = this.value();
      if (!value) return undefined;
      members.push([JSON.parse(name) as string, value]);
      const after = this.next()?.[1];
      if (after === '}') return { kind: 'object', members };
      if (after !== ',') return undefined;
      token = this.next();
    }
  }

  private list(): Node | undefined {
    const items: Node[] = [];
    let token = this.next();
    if (token?.[1] === ']') return { kind: 'list', items };
    for (;;) {
      const value = token && this.value(token);
      if (!value) return undefined;
      items.push(value);
      const after = this.next()?.[1];
      if (after === ']') return { kind: 'list', items };
      if (after !== ',') return undefined;
      token = this.next();
    }
  }

  private next(): RegExpExecArray | undefined {
    TOKEN.lastIndex = this.at;
    const found = TOKEN.exec(this.source) ?? undefined;
    if (found) this.at = TOKEN.lastIndex;
    return found;
  }
}

/**
 * A value of JavaScript as a node. What is no JSON is open.
 * @param open tells values that are known only at deployment
 */
export function nodeOf(value: unknown, open: (value: unknown) => boolean = () => false): Node {
  if (open(value)) return { kind: 'open' };
  switch (typeof value) {
    case 'string':
      return { kind: 'text', text: value };
    case 'number':
      return { kind: 'number', text: String(value) };
    case 'boolean':
      return { kind: 'word', text: String(value) };
    default:
  }
  if (value === null) return { kind: 'word', text: 'null' };
  if (Array.isArray(value)) return { kind: 'list', items: value.map((item) => nodeOf(item, open)) };
  if (typeof value !== 'object') return { kind: 'open' };
  return { kind: 'object', members: Object.entries(value).map(([name, one]) => [name, nodeOf(one, open)] as const) };
}
