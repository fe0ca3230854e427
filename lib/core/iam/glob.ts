/** How to read `*` and `?`. */
export type Wildcards =
  /** As literals (`StringEquals`). */
  | 'none'
  /** `*` is any text (`StringLike`, actions). */
  | 'text'
  /** Within each of an ARN's six parts (`ArnLike`). */
  | 'arn'
  /** As in `Resource`: within a part of an ARN, and beyond its colon if `*` ends the part. */
  | 'resource';

/** A piece of a pattern; `crosses` tells whether a wildcard may stand for a colon. */
export type Token =
  | { readonly kind: 'char'; readonly char: string }
  | { readonly kind: 'one' | 'many'; readonly crosses: boolean }
  /** A text known only with the request, or at deployment. */
  | { readonly kind: 'open'; readonly name: string; readonly fallback?: string };

/** How to read a pattern. */
export interface GlobOptions {
  /** Whether `${...}` is a policy variable: only in version 2012-10-17. */
  readonly variables?: boolean;
  /** Whether `<...>` is a part known only at deployment. */
  readonly placeholders?: boolean;
}

/** Only the first five colons separate parts of an ARN. */
const PARTING_COLONS = 5;
const OPEN = /\$\{([^{}]*)\}|<([^<>]*)>/g;
const WITH_DEFAULT = /^([^,]*),\s*'(.*)'$/s;

/**
 * The pieces of a pattern. In an ARN, the last `*` of a part may reach beyond its colon in a `Resource`, and no other
 * wildcard of the first five parts may.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function tokensOf(text: string, wildcards: Wildcards, options: GlobOptions = {}): readonly Token[] {
  const pieces = opened(text, options);
  let colons = 0;
  return pieces.flatMap((piece, at): Token | Token[] => {
    if (piece.kind !== 'char') return piece;
    const { char, literal } = piece;
    if (char === ':' && !literal) colons++;
    if (literal || wildcards === 'none' || (char !== '*' && char !== '?')) return { kind: 'char', char };
    const free = wildcards === 'text' || colons >= PARTING_COLONS;
    if (char === '?') return { kind: 'one', crosses: free };
    if (isStar(pieces[at - 1])) return [];
    let end = at;
    while (isStar(pieces[end])) end++;
    const next = pieces[end];
    const endsPart = next === undefined || (next.kind === 'char' && next.char === ':');
    return { kind: 'many', crosses: free || (wildcards === 'resource' && endsPart) };
  });
}

type Piece = (Extract<Token, { kind: 'char' }> & { readonly literal?: true }) | Extract<Token, { kind: 'open' }>;

function isStar(piece: Piece | undefined): boolean {
  return piece?.kind === 'char' && piece.char === '*' && !piece.literal;
}

function opened(text: string, { variables, placeholders }: GlobOptions): readonly Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const { 0: whole, 1: variable, 2: placeholder, index } of text.matchAll(OPEN)) {
    if (variable === undefined ? !placeholders : !variables) continue;
    pieces.push(...chars(text.slice(end, index)), variable === undefined ? open(`<${placeholder}>`) : named(variable));
    end = index + whole.length;
  }
  return [...pieces, ...chars(text.slice(end))];
}

function chars(text: string): readonly Piece[] {
  return text.split('').map((char) => ({ kind: 'char', char }));
}

function open(name: string): Piece {
  return { kind: 'open', name };
}

/** `${*}`, `${?}` and `${$}` stand for the characters themselves. */
function named(content: string): Piece {
  if (content === '*' || content === '?' || content === '$') return { kind: 'char', char: content, literal: true };
  const withDefault = WITH_DEFAULT.exec(content);
  if (!withDefault) return open(content.trim());
  return { kind: 'open', name: withDefault[1]!.trim(), fallback: withDefault[2]! };
}

/**
 * Whether a pattern matches a text, in time at most proportional to the product of their lengths. An open piece may be
 * any text.
 */
export function matches(tokens: readonly Token[], text: string): boolean {
  let active = skipping(tokens, [], 0);
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    const next: number[] = [];
    for (const position of active) {
      const token = tokens[position];
      if (!token || !accepts(token, char)) continue;
      if (token.kind === 'many' || token.kind === 'open') skipping(tokens, next, position);
      else skipping(tokens, next, position + 1);
    }
    if (next.length === 0) return false;
    active = next;
  }
  return active.at(-1) === tokens.length;
}

function accepts(token: Token, char: string): boolean {
  if (token.kind === 'char') return token.char === char;
  return token.kind === 'open' || token.crosses || char !== ':';
}

/** Adds a position and those that follow it without a character; positions ascend. */
function skipping(tokens: readonly Token[], positions: number[], from: number): number[] {
  for (let position = from; ; position++) {
    if (position > (positions.at(-1) ?? -1)) positions.push(position);
    const token = tokens[position];
    if (token?.kind !== 'many' && token?.kind !== 'open') return positions;
  }
}
