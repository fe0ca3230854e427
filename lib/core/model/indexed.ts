import type { Model } from './model';

/** A lazily built index over a model, one per model, shared by all rules. */
export function indexed<T>(build: (model: Model) => T): (model: Model) => T {
  const built = new WeakMap<Model, { readonly index: T }>();
  return (model) => {
    const existing = built.get(model);
    if (existing) return existing.index;
    const index = build(model);
    built.set(model, { index });
    return index;
  };
}

/** Groups resources by the resource each belongs to. */
export function grouped<T>(all: Iterable<T>, keys: (item: T) => Iterable<string>): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of all) {
    for (const key of keys(item)) {
      const group = groups.get(key);
      if (group) group.push(item);
      else groups.set(key, [item]);
    }
  }
  return groups;
}
