import { type Resource } from '../core/model/model';
import { inWords } from '../core/model/select';
import { each, type Known, type Rule, type RuleContext } from './rule';

/**
 * A `check` that looks at one property of each resource of the given types, in every branch.
 * @param read how the property is read: `numbers`, or `(resource, name) => booleans(resource, name, false)`
 * @param fault what is wrong with a value, from its verb on; undefined where it is fine
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
