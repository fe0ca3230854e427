import type { Resource } from '../core/model/model';
import { at, describe, eachBranch, inWords, isUnknown, toNumber } from '../core/model/select';
import type { Value } from '../core/model/values';
import { each, type Known, type Rule, type RuleContext } from './rule';

/**
 * A `check` that looks at one property of each resource of the given types, in every branch.
 * @param read how the property is read: `numbers`, or `(resource, name) => booleans(resource, name, false)`
 * @param fault the fault of a value, starting with its verb; undefined if it is fine
 */
export function eachProperty<T>(
  types: readonly string[],
  property: string,
  read: (resource: Resource, property: string) => Known<T>,
  fault: (value: T, resource: Resource, context: RuleContext) => string | undefined,
): Rule['check'] {
  return each(types, function* (resource, context) {
    const { values, unknown } = read(resource, property);
    yield* unknown;
    for (const { value, when } of values) {
      const message = fault(value, resource, context);
      if (message !== undefined) yield { resource, property, message: message + inWords(when) };
    }
  });
}

/** The branches in which a value is absent, worded as the end of a message; none if it is always present. */
export function absences(value: Value | undefined): string[] {
  return eachBranch(value)
    .filter((branch) => branch.value === undefined)
    .map(({ when }) => inWords(when));
}

/** A `check` that requires a property on each resource of the given types, whatever its value. */
export function eachAbsence(types: readonly string[], property: string, message: string): Rule['check'] {
  return each(types, function* (resource) {
    for (const when of absences(at(resource, property))) yield { resource, property, message: message + when };
  });
}

/** Why a judgement on several numbers is open: the reason of the first one known only at deployment. */
export function whyOpen(...values: readonly (Value | undefined)[]): string {
  const open = values.find((value) => value !== undefined && toNumber(value) === undefined);
  return isUnknown(open) ? open.reason : `${describe(open)} is known only at deployment`;
}
