import { type Fact, type Range, within } from '../core/facts';
import type { Resource } from '../core/model/model';
import { inWords } from '../core/model/select';
import { each, type Judgement, numbers, type Rule } from './rule';

/** A property whose numbers must be within a range. */
export interface Limit {
  /** The property, dotted. */
  readonly property: string;
  readonly range: Fact<Range>;
  /** An accepted value outside the range: -1 for `unlimited`. */
  readonly also?: number;
}

/** Judges properties of a resource against their ranges, in every branch. */
export function* outside(resource: Resource, limits: readonly Limit[]): Iterable<Judgement> {
  for (const { property, range, also } of limits) {
    const { values, unknown } = numbers(resource, property);
    yield* unknown;
    for (const { value, when } of values) {
      if (within(range.value, value) || value === also) continue;
      const { min, max } = range.value;
      const message = `asks for ${value} ${range.unit}, outside ${min} to ${max}${inWords(when)}`;
      yield { resource, property, message, detail: property };
    }
  }
}

/** A `check` that judges properties of each resource of the given types against their ranges. */
export function eachLimit(types: readonly string[], limits: readonly Limit[]): Rule['check'] {
  return each(types, (resource) => outside(resource, limits));
}
