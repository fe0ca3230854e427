import { addressDigits, type AddressRange, isWithin } from './addresses';
import type { TextNode, WordNode } from './node';
import { comparable } from './numbers';
import type { TextTest } from './texts';

/** One value that a field may have, or what is compared with it. */
export type FieldPattern = Compared & {
  /** What it compares with, as text: two that compare with the same have the same. */
  readonly same: string;
};

/** What is compared, and how. */
export type Compared =
  | { readonly kind: 'exists' | 'absent' }
  /** The text in its quotation marks, or the word as it is written. */
  | { readonly kind: 'exact'; readonly text: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'range'; readonly holds: (value: number) => boolean }
  | { readonly kind: 'addresses'; readonly range: AddressRange }
  | { readonly kind: 'text'; readonly test: TextTest }
  | { readonly kind: 'not-text'; readonly test: TextTest }
  | { readonly kind: 'not-numbers'; readonly values: ReadonlySet<number> };

/** What a field must be. */
export interface Tests {
  /** Any of these. */
  readonly patterns: readonly FieldPattern[];
  /** Whether it may be absent. */
  readonly absent: boolean;
  /** Whether any of them is about numbers: then a number is compared as one, and not by its digits. */
  readonly numeric: boolean;
}

/**
 * Whether a value is one that a field may have. A number that is compared as one is no text: what excludes texts takes it.
 */
export function passesTests({ patterns, numeric }: Tests, value: TextNode | WordNode): boolean {
  const written = value.kind === 'text' ? `"${value.text}"` : value.text;
  const number = numeric && value.kind === 'number' ? comparable(value.text) : undefined;
  return patterns.some((pattern) => {
    switch (pattern.kind) {
      case 'exists':
        return true;
      case 'exact':
        return number === undefined && written === pattern.text;
      case 'number':
        return number === pattern.value;
      case 'range':
        return number !== undefined && pattern.holds(number);
      case 'addresses':
        return isAddress(value, pattern.range) || (number === undefined && isWithin(written, pattern.range));
      case 'text':
        return number === undefined && pattern.test(written);
      case 'not-text':
        return number !== undefined || !pattern.test(written);
      case 'not-numbers':
        return number === undefined || !pattern.values.has(number);
      default:
        return false;
    }
  });
}

function isAddress({ text }: TextNode | WordNode, range: AddressRange): boolean {
  const digits = addressDigits(text);
  return digits !== undefined && isWithin(digits, range);
}
