import { ReadError } from './read-error';
import { type Position, TextPositions } from './text-position';

/** Maximum nesting: no template has more, and readers recurse. */
export const MAX_DEPTH = 200;

/** Parsed JSON with the location of its parts. */
export interface JsonDocument {
  readonly data: unknown;
  /** The location of a name (or list item), or of its nearest existing ancestor. */
  locate(path: readonly string[]): Position;
}

/**
 * Parses JSON.
 * @throws SyntaxError when it is not JSON
 * @throws ReadError when it has duplicate keys or is nested too deep
 */
export function parseJson(text: string, file: string): JsonDocument {
  const data: unknown = JSON.parse(text);
  const places = new JsonPlaces(text);
  const kept = namesIn(data);
  if (kept === undefined) {
    throw new ReadError(file, `is nested in more than ${MAX_DEPTH} levels`, 'reduce the nesting');
  }
  if (kept < namesWritten(text)) {
    const { name, place } = places.repeated()!;
    throw nameTwice(file, name, place);
  }
  return { data, locate: (path) => places.locate(path) };
}

/** The number of names in the data; undefined if it is nested too deep. */
function namesIn(value: unknown, depth = 0): number | undefined {
  if (typeof value !== 'object' || value === null) return 0;
  if (depth === MAX_DEPTH) return undefined;
  const list = Array.isArray(value);
  const members: readonly unknown[] = list ? value : Object.values(value);
  let count = list ? 0 : members.length;
  for (const member of members) {
    if (typeof member !== 'object') continue;
    const below = namesIn(member, depth + 1);
    if (below === undefined) return undefined;
    count += below;
  }
  return count;
}

/** The number of names in the text: strings followed by a colon. */
function namesWritten(text: string): number {
  let count = 0;
  for (let start = text.indexOf('"'); start !== -1;) {
    const end = endOfText(text, start);
    if (text.charCodeAt(afterSpace(text, end)) === COLON) count += 1;
    start = text.indexOf('"', end);
  }
  return count;
}

/** A duplicate key: CloudFormation takes one, and a reader sees the other. */
export function nameTwice(file: string, name: string, { line, column }: Position): ReadError {
  return new ReadError(
    file,
    `has the name '${name}' twice in one object, again at line ${line}, column ${column}`,
    'keep the one that is meant',
  );
}

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const BACKSLASH = 92;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/** Offsets of a member's name (or item) and of its value. */
interface Member {
  readonly at: number;
  readonly value: number;
}

/** Finds locations in valid JSON. Visited parts are cached. */
class JsonPlaces {
  private readonly positions: TextPositions;
  private readonly known = new Map<number, ReadonlyMap<string, Member>>();

  constructor(private readonly text: string) {
    this.positions = new TextPositions(text);
  }

  locate(path: readonly string[]): Position {
    let found: Member = { at: 0, value: afterSpace(this.text, 0) };
    for (const name of path) {
      const member = this.membersAt(found.value).get(name);
      if (!member) break;
      found = member;
    }
    return this.positions.at(found.at);
  }

  /** The first duplicate key. */
  repeated(): { readonly name: string; readonly place: Position } | undefined {
    const open = [afterSpace(this.text, 0)];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const names = new Set<string>();
      for (const { key, member } of this.walk(at)) {
        if (names.has(key)) return { name: key, place: this.positions.at(member.at) };
        names.add(key);
        open.push(member.value);
      }
    }
    return undefined;
  }

  private membersAt(start: number): ReadonlyMap<string, Member> {
    let members = this.known.get(start);
    if (members === undefined) {
      members = new Map([...this.walk(start)].map(({ key, member }) => [key, member]));
      this.known.set(start, members);
    }
    return members;
  }

  /** The members of the object or list that starts here. */
  private *walk(start: number): Generator<{ readonly key: string; readonly member: Member }> {
    const { text } = this;
    const open = text.charCodeAt(start);
    if (open !== OPEN_OBJECT && open !== OPEN_LIST) return;
    let position = start + 1;
    for (let index = 0; ; index += 1) {
      position = afterSpace(text, position);
      if (text.charCodeAt(position) === COMMA) position = afterSpace(text, position + 1);
      const next = text.charCodeAt(position);
      if (next === CLOSE_OBJECT || next === CLOSE_LIST || Number.isNaN(next)) return;
      const at = position;
      let key = String(index);
      if (open === OPEN_OBJECT) {
        const end = endOfText(text, at);
        key = JSON.parse(text.slice(at, end)) as string;
        position = afterSpace(text, afterSpace(text, end) + 1);
      }
      yield { key, member: { at, value: position } };
      position = endOfValue(text, position);
    }
  }
}

/** The end of the value that starts here. */
function endOfValue(text: string, start: number): number {
  let position = start;
  let depth = 0;
  do {
    const character = text.charCodeAt(position);
    if (character === QUOTE) position = endOfText(text, position);
    else {
      if (character === OPEN_OBJECT || character === OPEN_LIST) depth += 1;
      else if (character === CLOSE_OBJECT || character === CLOSE_LIST) depth -= 1;
      else if (depth === 0) return endOfWord(text, position);
      position += 1;
    }
  } while (depth > 0 && position < text.length);
  return position;
}

/** The end of a number, `true`, `false` or `null`. */
function endOfWord(text: string, start: number): number {
  let position = start;
  while (position < text.length && !',]} \t\r\n'.includes(text[position]!)) position += 1;
  return position;
}

/** The offset after a string's closing quote. */
function endOfText(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === BACKSLASH) escapes += 1;
    if (escapes % 2 === 0) return end + 1;
  }
  return text.length;
}

function afterSpace(text: string, start: number): number {
  let position = start;
  for (; ; position += 1) {
    const character = text.charCodeAt(position);
    if (character !== 32 && character !== 10 && character !== 13 && character !== 9) return position;
  }
}
