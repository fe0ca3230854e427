import type { Token } from './glob';
import { Automaton, OTHER } from './glob-relations';

/** A pattern among others. */
export interface RegionPattern {
  /** Its pieces; an open piece may be any text. */
  readonly tokens: readonly Token[];
  /** Whether it ignores case. */
  readonly ignoreCase?: boolean;
}

/** Maximum states to visit across all patterns. */
const MAX_STATES = 20_000;

/**
 * A sample text for each possible combination of matching patterns: one represents all texts that match the same
 * patterns. Undefined if there are too many.
 */
export function regionsOf(patterns: readonly RegionPattern[]): readonly string[] | undefined {
  const automata = patterns.map(({ tokens, ignoreCase }) => new Automaton(tokens.map(closed), ignoreCase));
  const seen = new Set<string>();
  const found = new Map<string, string>();
  const queue: { readonly positions: readonly bigint[]; readonly text: string }[] = [];
  const reach = (positions: readonly bigint[], text: string): void => {
    const key = positions.join();
    if (seen.has(key)) return;
    seen.add(key);
    queue.push({ positions, text });
  };
  const follow = (positions: readonly bigint[], text: string): void => {
    const letters = new Set(automata.flatMap((automaton, index) => automaton.named(positions[index]!)));
    for (const letter of [OTHER, ...letters, ':']) {
      const next = automata.map((automaton, index) => automaton.step(positions[index]!, letter));
      reach(next, text + letter);
    }
  };
  // The empty string is a separate case, since some operators treat it as no value.
  follow(
    automata.map(({ start }) => start),
    '',
  );
  for (let at = 0; at < queue.length; at++) {
    if (at > MAX_STATES) return undefined;
    const { positions, text } = queue[at]!;
    const belongs = automata.map((automaton, index) => (automaton.accepts(positions[index]!) ? 1 : 0)).join('');
    if (!found.has(belongs)) found.set(belongs, text);
    follow(positions, text);
  }
  return ['', ...found.values()];
}

function closed(token: Token): Token {
  return token.kind === 'open' ? { kind: 'many', crosses: true } : token;
}
