import type { Value } from '../model/values';
import { isUnresolved } from '../unresolved';
import { EventPattern, PatternError } from './event-pattern';
import { nodeOf } from './node';

/**
 * Whether one of some values may match what a pattern asks of a field. A pattern that the service refuses, or that only a
 * deployment knows, may match anything: others tell of it.
 * @param filter the list of a field: `['a', { prefix: 'b' }]`
 * @param values texts, numbers, booleans and null
 */
export function mayMatchOneOf(filter: readonly unknown[], values: readonly unknown[]): boolean {
  if (isOpen(filter)) return true;
  try {
    const pattern = new EventPattern(nodeOf({ field: filter as Value }), 'bus');
    return values.some((value) => isOpen(value) || pattern.matches(nodeOf({ field: value as Value })));
  } catch (error) {
    if (error instanceof PatternError) return true;
    throw error;
  }
}

function isOpen(value: unknown): boolean {
  if (isUnresolved(value)) return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(isOpen);
}
