import { type Token, tokensOf, type Wildcards } from './glob';
import { includes, meet } from './glob-relations';

const parsed = new Map<string, readonly Token[]>();
const known = new Map<string, boolean>();

/**
 * Whether `outer` matches every text that `inner` matches, whatever the values of variables and deployment-time parts.
 * @param wildcards how to read both: by default as in a policy's `Resource`
 */
export function covers(outer: string, inner: string, wildcards: Wildcards = 'resource'): boolean {
  if (outer === inner) return true;
  if (wildcards === 'none') return false;
  if (outer === '*' && wildcards !== 'arn') return true;
  if (!outer.includes('*') && !outer.includes('?')) return false;
  const key = `${wildcards} ${outer}\n${inner}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const answer = includes(read(outer, wildcards), read(inner, wildcards));
  known.set(key, answer);
  return answer;
}

/** Whether both can match the same resource; a part known only later may be any text. */
export function overlaps(one: string, other: string): boolean {
  if (one === other || one === '*' || other === '*') return true;
  const [a, b] = [literalStart(one), literalStart(other)];
  const shared = Math.min(a, b);
  if (one.slice(0, shared) !== other.slice(0, shared)) return false;
  if (a === one.length && b === other.length) return false;
  return meet(read(one, 'resource'), read(other, 'resource'));
}

/** Length of the literal prefix of a pattern. */
function literalStart(text: string): number {
  const special = text.search(/[*?<$]/);
  return special < 0 ? text.length : special;
}

/** The intersection: the narrower of two nested patterns. Undefined if they are disjoint. */
export function intersection(
  one: string,
  other: string,
): { readonly resource: string; readonly and?: string } | undefined {
  if (covers(one, other)) return { resource: other };
  if (covers(other, one)) return { resource: one };
  return overlaps(one, other) ? { resource: one, and: other } : undefined;
}

function read(text: string, wildcards: Wildcards): readonly Token[] {
  const key = `${wildcards} ${text}`;
  const before = parsed.get(key);
  if (before) return before;
  const tokens = tokensOf(text, wildcards, { variables: true, placeholders: true });
  parsed.set(key, tokens);
  return tokens;
}
