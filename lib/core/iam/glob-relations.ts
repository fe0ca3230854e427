import type { Token } from './glob';

/** Stands for all characters that no pattern names. */
export const OTHER = '\uE000';

/** An automaton's input: a character, or a whole text known only later. */
type Letter = string | { readonly open: string };

/** The set of active positions in a pattern, one bit each. */
type Positions = bigint;

/** A pattern as an NFA, simulated with bit sets. */
export class Automaton {
  /** The initial positions. */
  readonly start: Positions;
  private readonly characters = new Map<string, bigint>();
  private readonly opens = new Map<string, bigint>();
  private one = 0n;
  private oneCrossing = 0n;
  private many = 0n;
  private manyCrossing = 0n;
  private readonly end: bigint;

  /** @param ignoreCase whether upper and lower case are the same */
  constructor(
    tokens: readonly Token[],
    private readonly ignoreCase = false,
  ) {
    tokens.forEach((token, at) => this.place(token, 1n << BigInt(at)));
    this.end = 1n << BigInt(tokens.length);
    this.start = this.skip(1n);
  }

  /** The positions after a letter. */
  step(from: Positions, letter: Letter): Positions {
    if (typeof letter !== 'string') {
      return this.skip((from & this.manyCrossing) | ((from & (this.opens.get(letter.open) ?? 0n)) << 1n));
    }
    const [one, many] = letter === ':' ? [this.oneCrossing, this.manyCrossing] : [this.one, this.many];
    return this.skip((from & many) | ((from & (one | (this.characters.get(letter) ?? 0n))) << 1n));
  }

  /** Whether the input so far is accepted. */
  accepts(positions: Positions): boolean {
    return (positions & this.end) !== 0n;
  }

  /** The characters distinguished here. */
  named(positions: Positions): readonly string[] {
    return [...this.characters].filter(([, where]) => (positions & where) !== 0n).map(([character]) => character);
  }

  private place(token: Token, bit: bigint): void {
    if (token.kind === 'char') {
      const { char } = token;
      const spellings = this.ignoreCase ? [char.toLowerCase(), char.toUpperCase()] : [char];
      for (const each of new Set(spellings)) this.characters.set(each, (this.characters.get(each) ?? 0n) | bit);
    }
    if (token.kind === 'open') this.opens.set(token.name, (this.opens.get(token.name) ?? 0n) | bit);
    if (token.kind === 'one') {
      this.one |= bit;
      if (token.crosses) this.oneCrossing |= bit;
    }
    if (token.kind === 'many') {
      this.many |= bit;
      if (token.crosses) this.manyCrossing |= bit;
    }
  }

  private skip(positions: Positions): Positions {
    let all = positions;
    for (let more = (all & this.many) << 1n; (more & ~all) !== 0n; more = (all & this.many) << 1n) all |= more;
    return all;
  }
}

/** Maximum steps: anything not proven by then counts as false. */
const MAX_STEPS = 20_000;

/**
 * Whether `outer` matches every text that `inner` matches. Exact: of the texts of a wildcard, those of
 * characters that `outer` does not name are the hardest, so that only these and the colon are tried, and a set of
 * positions is dropped where a smaller one was seen.
 */
export function includes(outer: readonly Token[], inner: readonly Token[]): boolean {
  const automaton = new Automaton(outer);
  const seen = inner.map((): Positions[] => []).concat([[]]);
  const open: [number, Positions][] = [[0, automaton.start]];
  let steps = 0;
  const reach = (at: number, positions: Positions): void => {
    const known = seen[at]!;
    if (known.some((fewer) => (fewer & ~positions) === 0n)) return;
    known.push(positions);
    open.push([at, positions]);
  };
  for (let next = open.pop(); next; next = open.pop()) {
    const [at, positions] = next;
    if (++steps > MAX_STEPS) return false;
    const token = inner[at];
    if (!token) {
      if (!automaton.accepts(positions)) return false;
      continue;
    }
    if (token.kind === 'many') reach(at + 1, positions);
    const to = token.kind === 'many' ? at : at + 1;
    for (const letter of lettersOf(token)) reach(to, automaton.step(positions, letter));
  }
  return true;
}

function lettersOf(token: Token): readonly Letter[] {
  if (token.kind === 'char') return [token.char];
  if (token.kind === 'open') return [{ open: token.name }];
  return token.crosses ? [OTHER, ':'] : [OTHER];
}

/** Whether both can match the same text; an open piece may be any text. */
export function meet(one: readonly Token[], other: readonly Token[]): boolean {
  const width = other.length + 1;
  const seen = new Uint8Array((one.length + 1) * width);
  const open = [0];
  const reach = (i: number, j: number): void => {
    const at = i * width + j;
    if (seen[at]) return;
    seen[at] = 1;
    open.push(at);
  };
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const [i, j] = [Math.floor(at / width), at % width];
    const [a, b] = [one[i], other[j]];
    if (!a && !b) return true;
    if (isAny(a)) reach(i + 1, j);
    if (isAny(b)) reach(i, j + 1);
    if (a && b && shareLetter(a, b)) reach(isAny(a) ? i : i + 1, isAny(b) ? j : j + 1);
  }
  return false;
}

function isAny(token: Token | undefined): boolean {
  return token?.kind === 'many' || token?.kind === 'open';
}

function shareLetter(a: Token, b: Token): boolean {
  if (a.kind === 'char' && b.kind === 'char') return a.char === b.char;
  if (a.kind === 'char') return a.char !== ':' || b.kind === 'open' || (b as { crosses: boolean }).crosses;
  if (b.kind === 'char') return shareLetter(b, a);
  return true;
}
