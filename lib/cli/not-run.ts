import type { Unsupported } from '../testing/local/kernel/unsupported';

/** Names in one line; of more, their number. */
const MAX_NAMES = 3;

/** What is not run, one line for each reason: resources of one type that are not run for the same reason share it. */
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
