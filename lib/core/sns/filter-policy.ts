import { isIP } from 'node:net';
import * as facts from '../facts/sns';
import { isRecord, type JsonObject } from '../record';
import { parseJson } from '../parse-json';

/** What a filter policy is judged by. */
export type FilterScope = 'MessageAttributes' | 'MessageBody';

/** Stars in one wildcard, and points of all wildcards in one policy. */
const MOST_STARS = 3;
const MOST_POINTS = 100;
const MOST_BYTES = 262_144;

/** AWS's words for what is wrong, without what comes before them. */
class Refusal extends Error {}

/**
 * Reads a filter policy.
 * @param source as JSON
 * @returns the policy, or why SNS refuses it, in its words: `FilterPolicy: Filter policy is too complex`
 * @see https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html
 */
export function readFilterPolicy(source: string, scope: FilterScope): JsonObject | string {
  const policy = parseJson(source);
  if (!isRecord(policy)) return 'FilterPolicy: failed to parse JSON.';
  try {
    if (Buffer.byteLength(source) > MOST_BYTES) throw new Refusal('FilterPolicy: Filter policy is too large');
    if (Object.keys(policy).length > facts.filterKeys.value) {
      throw new Refusal(`FilterPolicy: Filter policy can not have more than ${facts.filterKeys.value} keys`);
    }
    const combinations = combinationsOf(policy, scope);
    if (combinations > facts.filterCombinations.value) throw new Refusal('FilterPolicy: Filter policy is too complex');
    if (wildcardPoints(policy) > MOST_POINTS) throw new Refusal('FilterPolicy: Filter policy is too complex');
    return policy;
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}

/** The values of all keys multiplied, each by the depth of its key; the choices of `$or` added. Checks every value. */
function combinationsOf(policy: JsonObject, scope: FilterScope, depth = 1, before = 1): number {
  let combinations = before;
  for (const [key, allowed] of Object.entries(policy)) {
    if (Array.isArray(allowed)) {
      if (allowed.length === 0) throw new Refusal('FilterPolicy: Empty arrays are not allowed');
      const choices = choicesIn(key, allowed);
      const soFar = combinations;
      if (!choices) allowed.forEach(checkValue);
      combinations = choices
        ? choices.reduce((sum, one) => sum + combinationsOf(one, scope, depth, soFar), 0)
        : soFar * allowed.length * depth;
    } else if (isRecord(allowed)) {
      if (scope === 'MessageAttributes') {
        throw new Refusal('Filter policy scope MessageAttributes does not support nested filter policy');
      }
      if (Object.keys(allowed).length === 0) throw new Refusal('FilterPolicy: Empty objects are not allowed');
      combinations = combinationsOf(allowed, scope, depth + 1, combinations);
    } else {
      throw new Refusal(`FilterPolicy: "${key}" must be an object or an array`);
    }
  }
  return combinations;
}

/** `$or` is a key like any other where its list is not one of at least two policies. */
function choicesIn(key: string, allowed: readonly unknown[]): readonly JsonObject[] | undefined {
  const policies = allowed.filter(isRecord).filter((one) => !isOperator(one));
  return key === '$or' && allowed.length > 1 && policies.length === allowed.length ? policies : undefined;
}

function isOperator(value: JsonObject): boolean {
  return Object.keys(value).some((name) => OPERATORS.includes(name));
}

const TEXT_OPERATORS = ['prefix', 'suffix', 'equals-ignore-case', 'wildcard'];
const OPERATORS = [...TEXT_OPERATORS, 'anything-but', 'exists', 'numeric', 'cidr'];

function checkValue(value: unknown): void {
  if (value === null || ['string', 'boolean', 'number'].includes(typeof value)) return;
  if (!isRecord(value)) {
    throw new Refusal('FilterPolicy: Match value must be String, number, true, false, or null');
  }
  const [operator = '', operand] = onlyEntry(value);
  if (TEXT_OPERATORS.includes(operator)) return checkText(operator, operand);
  switch (operator) {
    case 'anything-but':
      return checkAnythingBut(operand);
    case 'exists':
      if (typeof operand === 'boolean') return;
      throw new Refusal('FilterPolicy: exists match pattern must be either true or false.');
    case 'numeric':
      return checkNumeric(operand);
    case 'cidr':
      return checkNetwork(operand);
    default:
      throw new Refusal(`FilterPolicy: Unrecognized match type ${operator}`);
  }
}

function onlyEntry(value: JsonObject): readonly [string, unknown] {
  const [first, ...others] = Object.entries(value);
  if (first && others.length === 0) return first;
  throw new Refusal('FilterPolicy: Only one key allowed in match expression');
}

function checkText(operator: string, operand: unknown): void {
  if (typeof operand !== 'string') throw new Refusal(`FilterPolicy: ${operator} match pattern must be a string`);
  if (operator !== 'wildcard') return;
  const plain = operand.replace(/\\[\\*]/g, '');
  if (plain.includes('\\')) throw new Refusal('FilterPolicy: Invalid escape character in wildcard');
  if (plain.includes('**')) throw new Refusal('FilterPolicy: Consecutive wildcard characters are not allowed');
  if (starsIn(operand) > MOST_STARS) throw new Refusal('FilterPolicy: Filter policy is too complex');
}

/** Of other operators it takes a prefix and a wildcard: a suffix is refused. */
function checkAnythingBut(operand: unknown): void {
  if (isRecord(operand)) {
    const [operator, operandValue] = onlyEntry(operand);
    if (operator !== 'prefix' && operator !== 'wildcard') {
      throw new Refusal(`FilterPolicy: Unsupported anything-but pattern: ${operator}`);
    }
    return checkText(operator, operandValue);
  }
  const items = [operand].flat();
  const plain = items.every((one) => typeof one === 'string' || typeof one === 'number');
  if (items.length === 0 || !plain) {
    throw new Refusal('FilterPolicy: Value of anything-but must be an array or single string/number value.');
  }
}

function checkNumeric(operand: unknown): void {
  if (!Array.isArray(operand)) throw new Refusal('FilterPolicy: Value of numeric must be an array.');
  const items: readonly unknown[] = operand;
  const [first, low, second, high, ...rest] = items;
  if (typeof first !== 'string')
    throw new Refusal(`FilterPolicy: Invalid member in numeric match: ${String(first ?? ']')}`);
  if (!['<', '<=', '=', '>', '>='].includes(first)) {
    throw new Refusal(`FilterPolicy: Unrecognized numeric range operator: ${first}`);
  }
  const bottom = bound(first, low);
  if (items.length <= 2) return;
  if (!first.startsWith('>')) throw new Refusal('FilterPolicy: Too many elements in numeric expression');
  if (typeof second !== 'string') throw new Refusal(`FilterPolicy: Bad value in numeric range: ${String(second)}`);
  if (!second.startsWith('<')) throw new Refusal(`FilterPolicy: Bad numeric range operator: ${second}`);
  if (bound(second, high) <= bottom) throw new Refusal('FilterPolicy: Bottom must be less than top');
  if (rest.length > 0) throw new Refusal('FilterPolicy: Too many terms in numeric range expression');
}

function bound(operator: string, value: unknown): number {
  if (typeof value === 'number') return value;
  throw new Refusal(`FilterPolicy: Value of ${operator === '=' ? 'equals' : operator} must be numeric`);
}

function checkNetwork(operand: unknown): void {
  // So it is worded there.
  if (typeof operand !== 'string') throw new Refusal('FilterPolicy: prefix match pattern must be a string');
  const [address = '', bits, ...rest] = operand.split('/');
  if (bits === undefined || rest.length > 0) throw new Refusal(`FilterPolicy: Malformed CIDR, one '/' required`);
  if (!/^\d+$/.test(bits)) throw new Refusal('FilterPolicy: Malformed CIDR, mask bits must be an integer');
  const family = isIP(address);
  if (family === 0) throw new Refusal(`FilterPolicy: Nonstandard IP address: ${address}`);
  if (Number(bits) > (family === 4 ? 32 : 128))
    throw new Refusal('FilterPolicy: Malformed CIDR, mask bits must be < 32');
}

/**
 * A wildcard with one star counts one, with more three for each; a key counts the sum of its wildcards for each of them.
 * @see https://docs.aws.amazon.com/sns/latest/dg/string-value-matching.html
 */
function wildcardPoints(policy: JsonObject): number {
  return Object.values(policy).reduce((sum: number, allowed) => {
    if (isRecord(allowed)) return sum + wildcardPoints(allowed);
    const items = [allowed].flat().filter(isRecord);
    const wildcards = items.map(wildcardOf).filter((one) => one !== undefined);
    const points = wildcards.map(starsIn).reduce((all, stars) => all + (stars > 1 ? 3 * stars : stars), 0);
    const below = items.filter((one) => !isOperator(one)).reduce((all, one) => all + wildcardPoints(one), 0);
    return sum + points * wildcards.length + below;
  }, 0);
}

function wildcardOf(value: JsonObject): string | undefined {
  const within = value['anything-but'];
  const { wildcard } = isRecord(within) ? within : value;
  return typeof wildcard === 'string' ? wildcard : undefined;
}

function starsIn(wildcard: string): number {
  return wildcard.replace(/\\./g, '').split('*').length - 1;
}
