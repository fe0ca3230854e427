import { BlockList, isIP } from 'node:net';
import { isRecord, type JsonObject, asList } from '../../kernel/json';

/** Whether a present or absent value matches one item of a pattern's list. */
export type ValueMatch = (wanted: unknown, value: unknown, present: boolean) => boolean;

/**
 * Whether a message matches a filter policy: every field must match any item of its list, and
 * `$or` any of its policies. A list in the message matches if one of its items does.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
 * @param matches whether a message value matches one list item
 * @throws Error for an unknown operator
 */
export function matchesPattern(pattern: JsonObject, event: unknown, matches: ValueMatch = matchesValue): boolean {
  return Object.entries(pattern).every(([key, wanted]) => {
    if (key === '$or' && Array.isArray(wanted) && wanted.every(isRecord)) {
      return wanted.some((one: JsonObject) => matchesPattern(one, event, matches));
    }
    const present = isRecord(event) && Object.hasOwn(event, key);
    const value = present ? event[key] : undefined;
    return isRecord(wanted)
      ? matchesBelow(wanted, value, matches)
      : matchesField(asList(wanted), value, present, matches);
  });
}

function matchesBelow(pattern: JsonObject, value: unknown, matches: ValueMatch): boolean {
  if (Array.isArray(value)) return value.some((item) => isRecord(item) && matchesPattern(pattern, item, matches));
  return matchesPattern(pattern, isRecord(value) ? value : {}, matches);
}

function matchesField(wanted: readonly unknown[], value: unknown, present: boolean, matches: ValueMatch): boolean {
  if (!Array.isArray(value)) return wanted.some((one) => matches(one, value, present && !isRecord(value)));
  if (value.length === 0) return wanted.some((one) => matches(one, undefined, false));
  return wanted.some((one) => value.some((item) => matches(one, item, true)));
}

/** Whether a value matches one item of a pattern's list: a literal, or an operator such as `{ "prefix": "a" }`. */
export function matchesValue(wanted: unknown, value: unknown, present: boolean): boolean {
  if (!isRecord(wanted)) return present && value === wanted;
  const [operator = '', operand] = Object.entries(wanted)[0] ?? [];
  if (operator === 'exists') return operand === present;
  if (!present) return false;
  switch (operator) {
    case 'anything-but':
      return !asList(operand).some((one) => excluded(one, value));
    case 'numeric':
      return typeof value === 'number' && inRange(asList(operand), value);
    case 'cidr':
      return typeof value === 'string' && inNetwork(String(operand), value);
    default:
      return typeof value === 'string' && matchesText(operator, operand, value);
  }
}

function excluded(operand: unknown, value: unknown): boolean {
  if (!isRecord(operand)) return value === operand;
  const [operator = '', texts] = Object.entries(operand)[0] ?? [];
  return typeof value === 'string' && asList(texts).some((one) => matchesText(operator, one, value));
}

function matchesText(operator: string, operand: unknown, value: string): boolean {
  if (isRecord(operand) && 'equals-ignore-case' in operand) {
    return matchesText(operator, String(operand['equals-ignore-case']).toLowerCase(), value.toLowerCase());
  }
  const text = String(operand);
  switch (operator) {
    case 'prefix':
      return value.startsWith(text);
    case 'suffix':
      return value.endsWith(text);
    case 'equals-ignore-case':
      return value.toLowerCase() === text.toLowerCase();
    case 'wildcard':
      return wildcard(text).test(value);
    default:
      throw new Error(`the pattern operator '${operator}' is not known here`);
  }
}

/** `*` matches any text, `\*` a literal asterisk. */
function wildcard(text: string): RegExp {
  const parts = text
    .split(/(\\[\\*]|\*)/)
    .map((part) => (part === '*' ? '.*' : part.replace(/^\\([\\*])$/, '$1').replace(/[.+?^${}()|[\]\\*]/g, '\\$&')));
  return new RegExp(`^${parts.join('')}$`, 's');
}

function inRange(operand: readonly unknown[], value: number): boolean {
  for (let index = 0; index < operand.length; index += 2) {
    const bound = Number(operand[index + 1]);
    const holds: Readonly<Record<string, boolean>> = {
      '=': value === bound,
      '>': value > bound,
      '>=': value >= bound,
      '<': value < bound,
      '<=': value <= bound,
    };
    if (!holds[String(operand[index])]) return false;
  }
  return true;
}

function inNetwork(network: string, address: string): boolean {
  const [base = '', prefix = ''] = network.split('/');
  const family = isIP(address);
  if (family === 0 || family !== isIP(base)) return false;
  const block = new BlockList();
  const name = family === 6 ? 'ipv6' : 'ipv4';
  block.addSubnet(base, Number(prefix), name);
  return block.check(address, name);
}
