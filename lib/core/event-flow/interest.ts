import { isList, isMap, items, toNumber, toText } from '../model/select';
import type { Value } from '../model/values';
import type { Saying } from './sayings';

/** Whether a rule may match an event that may be published. Only known conditions exclude it. */
export function mayTake(pattern: Value | undefined, { sources, types }: Saying): boolean {
  if (!isMap(pattern)) return true;
  if (sources === undefined && isOfAws(pattern.source)) return false;
  return mayBe(pattern.source, sources) && mayBe(pattern['detail-type'], types);
}

/** Whether a rule matches only events of AWS services: nobody else may publish under their names. */
function isOfAws(filter: Value | undefined): boolean {
  if (!isList(filter) || filter.length === 0) return false;
  return filter.every((item) => {
    const text = toText(item) ?? (isMap(item) ? toText(item.prefix) : undefined);
    return text !== undefined && text.startsWith('aws.');
  });
}

/** Whether one of some values may match a field; undefined stands for any value. */
function mayBe(filter: Value | undefined, values: readonly string[] | undefined): boolean {
  if (!isList(filter) || values === undefined) return true;
  return values.some((value) => filter.some((item) => matches(item, value)));
}

function matches(item: Value, value: string): boolean {
  const text = toText(item);
  // A policy pattern, such as `shop.*`, may stand for anything with that prefix.
  if (text !== undefined) return text === value || (/[*?]/.test(value) && text.startsWith(value.split(/[*?]/)[0]!));
  if (!isMap(item) || /[*?]/.test(value)) return true;
  const [operator = '', operand] = Object.entries(item)[0] ?? [];
  const known = toText(operand);
  switch (operator) {
    case 'prefix':
      return known === undefined || value.startsWith(known);
    case 'suffix':
      return known === undefined || value.endsWith(known);
    case 'equals-ignore-case':
      return known === undefined || value.toLowerCase() === known.toLowerCase();
    case 'anything-but':
      return !items(isList(operand) ? operand : [operand!]).some((one) => toText(one) === value);
    case 'exists':
      return operand !== false;
    default:
      return true;
  }
}

/**
 * Whether a rule takes events only up to a number of hops: `detail: { hops: [{ numeric: ['<', 10] }] }`, beside which events
 * without that attribute may be taken, since these begin something.
 */
export function boundsHops(pattern: Value | undefined): boolean {
  const detail = isMap(pattern) ? pattern.detail : undefined;
  const hops = isMap(detail) ? detail.hops : undefined;
  if (!isList(hops) || hops.length === 0) return false;
  return hops.every((item) => {
    if (toNumber(item) !== undefined) return true;
    if (!isMap(item)) return false;
    if (item.exists === false) return true;
    const range = isList(item.numeric) ? item.numeric : [];
    return range.some(
      (bound, index) => ['<', '<=', '='].includes(toText(bound) ?? '') && toNumber(range[index + 1]) !== undefined,
    );
  });
}
