import { matchesPattern, matchesValue } from './pattern';
import { isRecord, type JsonObject, number, parseJson } from '../../kernel/json';
import type { FilterScope } from '../../../../core/sns/filter-policy';
import type { MessageAttributes } from './message';

/** What a filter policy is evaluated against. */
export interface Filtered {
  /** The message body for the subscription's protocol. */
  readonly body: string;
  readonly attributes: MessageAttributes;
}

/**
 * Whether a message passes a filter policy.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
 */
export function passes(policy: JsonObject, scope: FilterScope, { body, attributes }: Filtered): boolean {
  const keys = Object.keys(policy).length;
  if (scope === 'MessageBody') {
    const content = parseJson(body);
    return isRecord(content) && matchesPattern(policy, content, matches);
  }
  // With no attributes at all, not even `{ "exists": false }` matches.
  if (keys > 0 && Object.keys(attributes).length === 0) return false;
  return matchesPattern(policy, valuesOf(attributes), matches);
}

/** Attribute values; binary ones are ignored. */
function valuesOf(attributes: MessageAttributes): JsonObject {
  const all = Object.entries(attributes).filter(([, { DataType }]) => !DataType.startsWith('Binary'));
  return Object.fromEntries(all.map(([name, one]) => [name, valueOf(one)]));
}

function valueOf({ DataType, StringValue = '' }: MessageAttributes[string]): unknown {
  if (DataType.startsWith('Number')) return number(StringValue);
  if (DataType !== 'String.Array') return StringValue;
  const items = parseJson(StringValue);
  return Array.isArray(items) ? items : undefined;
}

/** Matches like a pattern value, but numbers to five decimal places, and null or empty counts as absent. */
function matches(wanted: unknown, value: unknown, present: boolean): boolean {
  if (isRecord(wanted) && 'exists' in wanted) {
    return wanted.exists === true ? present && value !== null && value !== '' && value !== undefined : !present;
  }
  return value !== undefined && matchesValue(rounded(wanted), rounded(value), present);
}

function rounded(value: unknown): unknown {
  if (typeof value === 'number') return Math.trunc(Number((value * 1e5).toFixed(3))) / 1e5;
  if (Array.isArray(value)) return value.map(rounded);
  return isRecord(value) ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, rounded(one)])) : value;
}
