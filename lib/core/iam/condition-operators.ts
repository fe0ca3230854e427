import { BlockList, isIP } from 'node:net';
import type { RequestContext } from './context';
import { type Match, Pattern, type Wildcards } from './pattern';

/** Compares one value of the request with one value of the policy. */
export type Comparison = (value: string, context?: RequestContext) => Match;

/** A condition operator without prefix and suffix. */
export interface Operator {
  /** Whether it is negated: `StringNotEquals`. */
  readonly negated: boolean;
  /** In words, before the values: `is`, `is before`. */
  readonly words: string;
  /**
   * Reads a value of the policy.
   * @throws MalformedValue when it is invalid for the operator
   */
  readonly compile: (value: string, variables: boolean) => Comparison;
}

/** A policy value that is invalid for its operator. */
export class MalformedValue extends Error {}

/**
 * Every operator by name, except `Null`.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['StringEquals', { negated: false, words: 'is', compile: text('none') }],
  ['StringNotEquals', { negated: true, words: 'is not', compile: text('none') }],
  ['StringEqualsIgnoreCase', { negated: false, words: 'is (in any case)', compile: text('none', true) }],
  ['StringNotEqualsIgnoreCase', { negated: true, words: 'is not (in any case)', compile: text('none', true) }],
  ['StringLike', { negated: false, words: 'is like', compile: text('text') }],
  ['StringNotLike', { negated: true, words: 'is not like', compile: text('text') }],
  ['NumericEquals', ordered(numberOf, 'is', (a, b) => a === b)],
  ['NumericNotEquals', { ...ordered(numberOf, 'is not', (a, b) => a === b), negated: true }],
  ['NumericLessThan', ordered(numberOf, 'is less than', (a, b) => a < b)],
  ['NumericLessThanEquals', ordered(numberOf, 'is at most', (a, b) => a <= b)],
  ['NumericGreaterThan', ordered(numberOf, 'is greater than', (a, b) => a > b)],
  ['NumericGreaterThanEquals', ordered(numberOf, 'is at least', (a, b) => a >= b)],
  ['DateEquals', ordered(instantOf, 'is', (a, b) => a === b)],
  ['DateNotEquals', { ...ordered(instantOf, 'is not', (a, b) => a === b), negated: true }],
  ['DateLessThan', ordered(instantOf, 'is before', (a, b) => a < b)],
  ['DateLessThanEquals', ordered(instantOf, 'is not after', (a, b) => a <= b)],
  ['DateGreaterThan', ordered(instantOf, 'is after', (a, b) => a > b)],
  ['DateGreaterThanEquals', ordered(instantOf, 'is not before', (a, b) => a >= b)],
  ['Bool', { negated: false, words: 'is', compile: boolean }],
  ['BinaryEquals', { negated: false, words: 'is', compile: binary }],
  ['IpAddress', { negated: false, words: 'is in', compile: ip }],
  ['NotIpAddress', { negated: true, words: 'is not in', compile: ip }],
  ['ArnEquals', { negated: false, words: 'is like', compile: arn }],
  ['ArnLike', { negated: false, words: 'is like', compile: arn }],
  ['ArnNotEquals', { negated: true, words: 'is not like', compile: arn }],
  ['ArnNotLike', { negated: true, words: 'is not like', compile: arn }],
]);

function text(wildcards: Wildcards, ignoreCase = false): Operator['compile'] {
  return (expected, variables) => {
    const pattern = new Pattern(expected, wildcards, { variables, ignoreCase });
    return (value, context) => pattern.test(value, context);
  };
}

function arn(expected: string, variables: boolean): Comparison {
  if (expected !== '*' && expected.split(':').length < 6) {
    throw new MalformedValue(`'${expected}' is not an ARN of six parts`);
  }
  const pattern = new Pattern(expected, expected === '*' ? 'text' : 'arn', { variables });
  return (value, context) => pattern.test(value, context);
}

function ordered(
  read: (value: string) => number | undefined,
  words: string,
  holds: (value: number, expected: number) => boolean,
): Operator {
  const compile = (text: string): Comparison => {
    const expected = read(text);
    if (expected === undefined) throw new MalformedValue(`'${text}' cannot be compared`);
    return (value) => {
      const actual = read(value);
      return actual !== undefined && holds(actual, expected) ? 'yes' : 'no';
    };
  };
  return { negated: false, words, compile };
}

/** A number as an operator reads it. */
export function numberOf(text: string): number | undefined {
  const number = Number(text);
  return text.trim() !== '' && Number.isFinite(number) ? number : undefined;
}

const W3C_DATE = /^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?)?)?$/i;

/** Milliseconds since 1970 of an ISO 8601 date (W3C's profile; UTC by default) or of seconds since 1970. */
export function instantOf(text: string): number | undefined {
  if (W3C_DATE.test(text)) {
    const zoned = /T.*(Z|[+-]\d{2}:?\d{2})$/i.test(text) || !/T/i.test(text) ? text : `${text}Z`;
    const instant = Date.parse(zoned.toUpperCase());
    return Number.isNaN(instant) ? undefined : instant;
  }
  const seconds = numberOf(text);
  return seconds === undefined ? undefined : seconds * 1000;
}

function boolean(text: string): Comparison {
  const expected = text.toLowerCase();
  if (expected !== 'true' && expected !== 'false') throw new MalformedValue(`'${text}' is neither true nor false`);
  return (value) => (value.toLowerCase() === expected ? 'yes' : 'no');
}

function binary(text: string): Comparison {
  const expected = bytesOf(text);
  if (!expected) throw new MalformedValue(`'${text}' is not base64`);
  return (value) => (bytesOf(value)?.equals(expected) ? 'yes' : 'no');
}

function bytesOf(text: string): Buffer | undefined {
  return /^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 === 0 ? Buffer.from(text, 'base64') : undefined;
}

function ip(text: string): Comparison {
  const [address = '', prefix] = text.split('/');
  const family = familyOf(address);
  const bits = family === 'ipv4' ? 32 : 128;
  const length = prefix === undefined ? bits : Number(prefix);
  if (!family || !/^\d*$/.test(prefix ?? '') || prefix === '' || length > bits) {
    throw new MalformedValue(`'${text}' is not an IP address or a range of them`);
  }
  const range = new BlockList();
  range.addSubnet(address, length, family);
  return (value) => {
    const actual = familyOf(value);
    return actual === family && range.check(value, actual) ? 'yes' : 'no';
  };
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  const version = isIP(address);
  return version === 4 ? 'ipv4' : version === 6 ? 'ipv6' : undefined;
}
