import * as pulumi from '@pulumi/pulumi';
import { refuse } from './check-args';

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

/**
 * Claims an account-wide name for a resource of a kind: otherwise the second one is refused at deployment, or replaces the first.
 * @param prop the prop that sets the name
 * @param taken the name and its account; not checked if known only at deployment
 */
export function claimOwnName(
  name: string,
  kind: string,
  prop: string,
  { value, accountId }: { readonly value: pulumi.Input<string>; readonly accountId: pulumi.Input<string> },
): void {
  if (typeof value !== 'string' || typeof accountId !== 'string') return;
  const key = `${accountId} ${value}`;
  const rule = (other: string) => `must not be that of the ${kind} of '${other}': names are unique`;
  claim(name, { kind, key, by: name, prop, value, rule, remedy: 'rename one of them' });
}
