import { createHash } from 'node:crypto';
import type { AccessChange } from './diff';

/** A change without its id. */
export type ChangeWithoutId = Omit<AccessChange, 'id'>;

/** Groups changes that differ only in their actions. */
export function keyOf({ principal, resource, reason, conditions, problem, allBut, actions }: ChangeWithoutId): string {
  const parts = [principal.name, principal.kind, resource, reason, conditions.join(), problem ?? ''];
  return [...parts, allBut ? actions.join() : ''].join('\u0000');
}

/** A change with its id: the principal, for readers, and a digest of everything else, so that it is unique. */
export function changeOf(change: ChangeWithoutId): AccessChange {
  const { principal, actions, allBut, patterns } = change;
  const name = principal.name.replace(/[^\w./-]+/g, '-').replace(/^-+|-+$/g, '');
  const all = JSON.stringify([keyOf(change), allBut ?? false, actions.toSorted(), patterns.toSorted()]);
  return { id: `${name || principal.kind}@${createHash('sha256').update(all).digest('hex').slice(0, 12)}`, ...change };
}
