import { Pattern } from './pattern';

/** Stand for the text of a wildcard: one that may cross a colon, and one that stays within its part of an ARN. */
const ANYTHING = '\u0001\u0001\u0001\u0001:\u0001\u0001\u0001\u0001';
const WITHIN = '\u0001\u0001\u0001\u0001\u0001\u0001\u0001\u0001\u0001';

const compiled = new Map<string, Pattern>();

/** Whether every resource that `inner` means is one that `outer` means; both as in the `Resource` of a policy. */
export function covers(outer: string, inner: string): boolean {
  if (outer === inner || outer === '*') return true;
  if (!outer.includes('*') && !outer.includes('?')) return false;
  const pattern = compiled.get(outer) ?? new Pattern(outer, 'resource');
  compiled.set(outer, pattern);
  return pattern.test(sample(inner, ANYTHING)) === 'yes' && pattern.test(sample(inner, WITHIN)) === 'yes';
}

/** Whether some resource is one that both mean. Wildcards are read generously: it may say yes where AWS would say no. */
export function overlaps(one: string, other: string): boolean {
  const known = new Map<number, boolean>();
  const meet = (i: number, j: number): boolean => {
    const key = i * (other.length + 1) + j;
    const found = known.get(key);
    if (found !== undefined) return found;
    known.set(key, false);
    const a = one[i];
    const b = other[j];
    const result =
      a === '*'
        ? meet(i + 1, j) || (b !== undefined && meet(i, j + 1))
        : b === '*'
          ? meet(i, j + 1) || (a !== undefined && meet(i + 1, j))
          : a === undefined || b === undefined
            ? a === b
            : (a === b || a === '?' || b === '?') && meet(i + 1, j + 1);
    known.set(key, result);
    return result;
  };
  return meet(0, 0);
}

/** What both mean: the narrower of two nested patterns. Undefined when they share nothing. */
export function intersection(
  one: string,
  other: string,
): { readonly resource: string; readonly and?: string } | undefined {
  if (covers(one, other)) return { resource: other };
  if (covers(other, one)) return { resource: one };
  return overlaps(one, other) ? { resource: one, and: other } : undefined;
}

/** A text that stands for all texts of a pattern, as far as another pattern can tell. */
function sample(pattern: string, anything: string): string {
  let colons = 0;
  return pattern.replace(/[*?:]/g, (character, index: number) => {
    if (character === ':') colons++;
    if (character !== '*') return character;
    const next = pattern[index + 1];
    return colons < 5 && next !== undefined && next !== ':' ? WITHIN : anything;
  });
}
