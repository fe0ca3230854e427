import { type RequestContext } from './context';
import { type Truth } from './truth';

/** How `*` and `?` are read. */
export type Wildcards =
  /** As any other character (`StringEquals`). */
  | 'none'
  /** `*` is any text (`StringLike`, actions). */
  | 'text'
  /** Each of the six parts of an ARN by itself (`ArnLike`). */
  | 'arn'
  /** As in `Resource`: within a part of an ARN, and beyond its colon where `*` ends the part. */
  | 'resource';

/** What became of a comparison; `unresolved` is a policy variable that the request has no value for. */
export type Match = Exclude<Truth, 'unknown'> | 'unresolved';

type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'any' | 'one' }
  | { readonly kind: 'variable'; readonly name: string; readonly fallback?: string };

const VARIABLE = /\$\{([^{}]*)\}/g;
const WITH_DEFAULT = /^(.*?),\s*'(.*)'$/s;

/**
 * A text of a policy that a request is compared with: wildcards and policy variables.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export class Pattern {
  private readonly pieces: readonly Piece[];
  private readonly fixed?: RegExp;

  /**
   * @param text as the policy has it
   * @param wildcards how `*` and `?` are read
   * @param options.variables whether `${...}` is a variable: in version 2012-10-17 of the language only
   * @param options.ignoreCase whether upper and lower case are the same
   */
  constructor(
    readonly text: string,
    private readonly wildcards: Wildcards,
    private readonly options: { readonly variables?: boolean; readonly ignoreCase?: boolean } = {},
  ) {
    this.pieces = options.variables ? piecesOf(text, wildcards) : plainPieces(text, wildcards);
    if (!this.pieces.some(({ kind }) => kind === 'variable')) this.fixed = this.compile(() => undefined);
  }

  /** Compares a value; without a context, a variable may have any value. */
  test(value: string, context?: RequestContext): Match {
    if (this.fixed) return this.fixed.test(value) ? 'yes' : 'no';
    if (!context) return this.compile(() => undefined).test(value) ? 'maybe' : 'no';
    const values = new Map<string, string>();
    for (const piece of this.pieces) {
      if (piece.kind !== 'variable') continue;
      const resolved = context.variable(piece.name) ?? piece.fallback;
      if (resolved === undefined) return 'unresolved';
      values.set(piece.name, resolved);
    }
    return this.compile((name) => values.get(name)).test(value) ? 'yes' : 'no';
  }

  private compile(resolve: (name: string) => string | undefined): RegExp {
    let colons = 0;
    const source = this.pieces.map((piece, index) => {
      if (piece.kind === 'text') {
        colons += piece.text.split(':').length - 1;
        return escaped(piece.text);
      }
      const inner = colons < 5 && (this.wildcards === 'arn' || this.wildcards === 'resource');
      if (piece.kind === 'one') return inner ? '[^:]' : '[^]';
      if (piece.kind === 'variable') {
        const value = resolve(piece.name);
        return value === undefined ? '[^]*' : escaped(value);
      }
      const next = this.pieces[index + 1];
      const endsPart = next === undefined || (next.kind === 'text' && next.text.startsWith(':'));
      return inner && !(this.wildcards === 'resource' && endsPart) ? '[^:]*' : '[^]*';
    });
    return new RegExp(`^${source.join('')}$`, this.options.ignoreCase ? 'i' : '');
  }
}

function piecesOf(text: string, wildcards: Wildcards): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(VARIABLE)) {
    pieces.push(...plainPieces(text.slice(end, match.index), wildcards), variable(match[1]!));
    end = match.index + match[0].length;
  }
  return [...pieces, ...plainPieces(text.slice(end), wildcards)];
}

/** `${*}`, `${?}` and `${$}` stand for the characters themselves. */
function variable(content: string): Piece {
  if (content === '*' || content === '?' || content === '$') return { kind: 'text', text: content };
  const withDefault = WITH_DEFAULT.exec(content);
  if (!withDefault) return { kind: 'variable', name: content.trim() };
  return { kind: 'variable', name: withDefault[1]!.trim(), fallback: withDefault[2]! };
}

function plainPieces(text: string, wildcards: Wildcards): Piece[] {
  if (wildcards === 'none') return text === '' ? [] : [{ kind: 'text', text }];
  return (text.match(/\*+|\?|[^*?]+/g) ?? []).map((part) =>
    part.startsWith('*') ? { kind: 'any' } : part === '?' ? { kind: 'one' } : { kind: 'text', text: part },
  );
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
