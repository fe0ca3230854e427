import type { Model, Resource } from './model';
import { eachBranch, isList, isMap } from './select';
import { Choice, Reference, Text, Unknown, type Value } from './values';

/** Every reference in a value, at any depth and in every branch, including in split text. */
export function referencesIn(value: Value | undefined): Reference[] {
  if (value instanceof Reference) return [value];
  if (value instanceof Text) return value.parts.flatMap(referencesIn);
  if (value instanceof Unknown) return referencesIn(value.origin?.value);
  if (value instanceof Choice) return [...referencesIn(value.then), ...referencesIn(value.otherwise)];
  if (isList(value)) return value.flatMap(referencesIn);
  return isMap(value) ? Object.values(value).flatMap(referencesIn) : [];
}

/**
 * The resources that a value names, in its branches: a reference to it, or text that starts with one
 * (`${Bucket.Arn}/*`, `${Function.Arn}:live`). Text that mentions a resource further on (an ARN put together from its
 * name) counts too when it mentions exactly one.
 */
export function named(model: Model, value: Value | undefined): Resource[] {
  if (value instanceof Reference) {
    const target = model.target(value);
    return target ? [target] : [];
  }
  const found = eachBranch(value).flatMap((branch) => {
    if (branch.value instanceof Reference) return [branch.value];
    if (!(branch.value instanceof Text)) return [];
    const mentioned = branch.value.parts.filter((part) => part instanceof Reference);
    return branch.value.parts[0] instanceof Reference || new Set(mentioned.map(({ target }) => target)).size === 1
      ? mentioned.slice(0, 1)
      : [];
  });
  return [...new Set(found.map((reference) => model.target(reference)))].filter((target) => target !== undefined);
}

/** The resources that a value refers to at any depth. */
export function mentioned(model: Model, value: Value | undefined): Resource[] {
  return [...new Set(referencesIn(value).map((reference) => model.target(reference)))].filter(
    (target) => target !== undefined,
  );
}
