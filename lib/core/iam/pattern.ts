import type { RequestContext } from './context';
import { matches, type Token, tokensOf, type Wildcards } from './glob';
import type { Truth } from './truth';

export { type Wildcards } from './glob';

/** The result of a comparison; `unresolved` is a policy variable without a value in the request. */
export type Match = Exclude<Truth, 'unknown'> | 'unresolved';

/**
 * A policy's text to match requests against, with wildcards and policy variables.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export class Pattern {
  private readonly tokens: readonly Token[];
  /** What a text must begin with. */
  private readonly prefix: string;
  /** Whether it means its prefix alone. */
  private readonly exact: boolean;
  private readonly isOpen: boolean;

  /**
   * @param text as the policy has it
   * @param wildcards how `*` and `?` are read
   * @param options.variables whether `${...}` is a variable: in version 2012-10-17 of the language only
   * @param options.ignoreCase whether upper and lower case are the same
   */
  constructor(
    readonly text: string,
    wildcards: Wildcards,
    private readonly options: { readonly variables?: boolean; readonly ignoreCase?: boolean } = {},
  ) {
    const tokens = tokensOf(text, wildcards, { variables: options.variables ?? false });
    this.tokens = options.ignoreCase ? tokens.map(lower) : tokens;
    const end = this.tokens.findIndex(({ kind }) => kind !== 'char');
    this.exact = end < 0;
    this.prefix = textOf(this.exact ? this.tokens : this.tokens.slice(0, end));
    this.isOpen = this.tokens.some(({ kind }) => kind === 'open');
  }

  /** Compares a value; without a context, a variable may have any value. */
  test(value: string, context?: RequestContext): Match {
    const text = this.options.ignoreCase ? value.toLowerCase() : value;
    if (this.exact) return text === this.prefix ? 'yes' : 'no';
    if (!this.isOpen) return text.startsWith(this.prefix) && matches(this.tokens, text) ? 'yes' : 'no';
    if (!context) return matches(this.tokens, text) ? 'maybe' : 'no';
    const resolved: Token[] = [];
    for (const token of this.tokens) {
      if (token.kind !== 'open') resolved.push(token);
      else {
        const found = context.variable(token.name) ?? token.fallback;
        if (found === undefined) return 'unresolved';
        const own = this.options.ignoreCase ? found.toLowerCase() : found;
        resolved.push(...own.split('').map((char): Token => ({ kind: 'char', char })));
      }
    }
    return matches(resolved, text) ? 'yes' : 'no';
  }
}

function lower(token: Token): Token {
  return token.kind === 'char' ? { kind: 'char', char: token.char.toLowerCase() } : token;
}

function textOf(tokens: readonly Token[]): string {
  return tokens.map((token) => (token.kind === 'char' ? token.char : '')).join('');
}
