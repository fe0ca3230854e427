import type { Check } from '../../core/check/check';

/** Beginnings or ends of keys: one, or several. */
export type KeyParts = string | readonly string[];

/** All of them; one empty text where every key is meant. */
export function partsOf(parts: KeyParts = ''): readonly string[] {
  return typeof parts === 'string' ? [parts] : parts;
}

/** Whether a key may begin with both. */
export function overlap(a: string, b: string): boolean {
  return a.startsWith(b) || b.startsWith(a);
}

/** Whether a key may end with both. */
export function endsOverlap(a: string, b: string): boolean {
  return a.endsWith(b) || b.endsWith(a);
}

/** What beginnings and ends of keys must be. @param prop `prefix` or `suffix` */
export function keyChecks(prop: 'prefix' | 'suffix', given: KeyParts | undefined): Check[] {
  const parts = partsOf(given);
  const both = prop === 'prefix' ? overlap : endsOverlap;
  return [
    {
      prop,
      value: given,
      valid: () => parts.length > 0,
      rule: 'must name at least one',
      remedy: 'leave it out for every file',
    },
    ...parts.flatMap((part, index) => [
      {
        prop,
        value: part,
        valid: () => !/[*?]/.test(part),
        rule: 'must not hold a wildcard',
        remedy: 'give the characters with which the keys begin or end',
      },
      {
        prop,
        value: part,
        reads: parts,
        valid: () => !parts.slice(0, index).some((other) => both(part, other)),
        rule: 'must not name two of which one holds the other: S3 refuses what overlaps',
        remedy: 'leave out the longer one',
      },
    ]),
  ];
}
