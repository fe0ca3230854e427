import type { Unsupported } from '../testing/local/kernel/unsupported';

/** Most names in one line; the rest are counted. */
const MAX_NAMES = 3;

/** What is not run, one line per reason: resources of one type with the same reason share a line. */
export function notRunLines(unsupported: readonly Unsupported[]): readonly string[] {
  const groups = new Map<string, { readonly first: Unsupported; readonly names: string[] }>();
  for (const item of unsupported) {
    const key = JSON.stringify([item.type, item.reason]);
    const group = groups.get(key) ?? { first: item, names: [] };
    group.names.push(item.resource);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ first: { type, reason }, names }) => `${listed(names)} (${type}): ${reason}`);
}

function listed(names: readonly string[]): string {
  if (names.length <= MAX_NAMES) return names.join(', ');
  return `${names.slice(0, MAX_NAMES).join(', ')} and ${names.length - MAX_NAMES} more`;
}
