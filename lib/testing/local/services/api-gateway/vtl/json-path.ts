import { isRecord } from '../../../kernel/json';

/**
 * What a JSONPath names in a value; undefined where there is nothing. Names, indexes and `[*]` are known.
 * @throws Error for a path with anything else: filters, slices, `..`
 */
export function jsonPath(path: string, value: unknown): unknown {
  const steps = [...path.matchAll(/\.([\w-]+)|\[(\d+|\*)\]|\[['"]([^'"]*)['"]\]/g)];
  const known = steps.reduce((text, [step]) => text + step, '$');
  if (known !== path) throw new Error(`the JSONPath '${path}' is not understood here: only names, indexes and [*] are`);
  return steps.reduce<unknown>((found, [, name, index, quoted]) => {
    if (index === '*') return Array.isArray(found) ? found : isRecord(found) ? Object.values(found) : undefined;
    if (index !== undefined) return Array.isArray(found) ? (found[Number(index)] as unknown) : undefined;
    return isRecord(found) ? found[name ?? quoted ?? ''] : undefined;
  }, value);
}
