import type { Token } from './glob';
import { Automaton, OTHER } from './glob-relations';

/** A pattern among others. */
export interface RegionPattern {
  /** Its pieces; what is open stands for any text. */
  readonly tokens: readonly Token[];
  /** Whether upper and lower case are the same. */
  readonly ignoreCase?: boolean;
}

/** More states of all patterns together are not visited. */
const MAX_STATES = 20_000;

/**
 * A text for each combination of patterns that some text belongs to: any two texts that belong to the same patterns are
 * stood for by one. Undefined where there are too many to look at.
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
  // The empty text is a case of its own, since some operators take it for no value.
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
