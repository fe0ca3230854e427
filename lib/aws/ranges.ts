import { Duration } from 'aws-cdk-lib';
import type { Check } from '../core/check/check';
import { type Range, within } from '../core/facts/fact';

/** A whole number, or whole seconds of a duration, within a service's limits; fine where it is not given. */
export function inRange(prop: string, value: number | Duration | undefined, range: Range): Check {
  const amount = () => (value instanceof Duration ? value.toMilliseconds() / 1000 : value!);
  return {
    prop,
    value,
    valid: () => value === undefined || (Number.isInteger(amount()) && within(range, amount())),
    rule: `must be a whole number of ${range.min} to ${range.max}${value instanceof Duration ? ' seconds' : ''}`,
    remedy: 'choose a value in that range, or remove it',
  };
}
