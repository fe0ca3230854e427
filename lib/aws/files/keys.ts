import type { Check } from '../../core/check/check';
import { keyLength } from '../../core/facts/s3';

/** Key prefixes or suffixes: one, or several. */
export type KeyParts = string | readonly string[];

/** All of them; a single empty string means every key. */
export function partsOf(parts: KeyParts = ''): readonly string[] {
  return typeof parts === 'string' ? [parts] : parts;
}

/** Whether a key can start with both. */
export function overlap(a: string, b: string): boolean {
  return a.startsWith(b) || b.startsWith(a);
}

/** Whether a key can end with both. */
export function endsOverlap(a: string, b: string): boolean {
  return a.endsWith(b) || b.endsWith(a);
}

/** Checks of key prefixes or suffixes. @param prop `prefix` or `suffix` */
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
        rule: 'must not contain a wildcard',
        remedy: 'give the characters that the keys start or end with',
      },
      {
        prop,
        value: part,
        valid: () => Buffer.byteLength(part) <= keyLength.value,
        rule: `must be at most ${keyLength.value} bytes long, as the keys are, not ${Buffer.byteLength(part)}`,
        remedy: 'shorten it',
      },
      {
        prop,
        value: part,
        reads: parts,
        valid: () => !parts.slice(0, index).some((other) => both(part, other)),
        rule: 'must not overlap: S3 refuses two of which one includes the other',
        remedy: 'remove the longer one',
      },
    ]),
  ];
}
