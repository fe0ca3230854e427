import * as pulumi from '@pulumi/pulumi';
import { refuse } from './check-args';
import type { PhysicalName } from './physical-name';

/** Something only one component may have. */
export interface Claim {
  /** What it is: two claims of a kind with the same key conflict. */
  readonly kind: string;
  readonly key: string;
  /** Who has it, as reported to the next one. */
  readonly by: string;
  /** The prop that claims it, and its value as written. */
  readonly prop: string;
  readonly value: string;
  readonly remedy: string;
  /** The rule that a second claim breaks. */
  rule(other: string): string;
}

/** Claims by program. */
const claimed = new WeakMap<pulumi.Resource, Map<string, string>>();

/**
 * Claims something for a component of a program.
 * @param name of the component
 * @throws InputPropertiesError when another component has claimed it
 */
export function claim(name: string, { kind, key, by, prop, value, rule, remedy }: Claim): void {
  const stack = pulumi.runtime.getStackResource();
  if (!stack) return;
  const all = claimed.get(stack) ?? new Map<string, string>();
  claimed.set(stack, all);
  const id = `${kind} ${key}`;
  const other = all.get(id);
  refuse(name, [{ prop, value, valid: () => other === undefined, rule: rule(String(other)), remedy }]);
  all.set(id, by);
}

/** A name, and the account in which it is unique. */
export interface OwnName extends PhysicalName {
  readonly accountId: pulumi.Input<string>;
}

/**
 * Claims an account-wide name for a resource of a kind: otherwise the second one is refused at deployment, or replaces the first.
 * @param prop the prop that sets the name
 * @param own not checked if the name is known only at deployment
 * @throws InputPropertiesError when another component has claimed it
 */
export function claimOwnName(name: string, kind: string, prop: string, own: OwnName): void {
  const { value, accountId, ignoreChanges } = own;
  if (typeof value !== 'string') return;
  claim(name, {
    kind,
    key: `${accountKey(accountId)} ${value}`,
    by: name,
    prop,
    value,
    rule: (other) => `must not be that of the ${kind} of '${other}': names are unique`,
    remedy:
      ignoreChanges === undefined
        ? 'rename one of them'
        : `rename one component, or set '${prop}': a derived name has only lower-case letters a to z, digits and dashes`,
  });
}

/** Accounts that are known only at deployment: one output is one account, and two may be two. */
const LATER = new WeakMap<object, string>();
let later = 0;

/** An account, as part of a key. */
export function accountKey(accountId: pulumi.Input<string>): string {
  if (typeof accountId === 'string') return accountId;
  const known = LATER.get(accountId) ?? `later-${(later += 1)}`;
  LATER.set(accountId, known);
  return known;
}
