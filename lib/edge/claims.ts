import * as pulumi from '@pulumi/pulumi';
import { refuse } from './check-args';

/** Something of which there is one for all. */
export interface Claim {
  /** What it is: two of a kind with the same key are the same. */
  readonly kind: string;
  readonly key: string;
  /** Who takes it, as the message to the next one says it. */
  readonly by: string;
  /** The prop that says so, and its value as it was written. */
  readonly prop: string;
  readonly value: string;
  readonly remedy: string;
  /** The rule for who comes second. */
  rule(other: string): string;
}

/** Who has what, in each program. */
const claimed = new WeakMap<pulumi.Resource, Map<string, string>>();

/**
 * Takes something for a component of a program.
 * @param name of the component
 * @throws InputPropertiesError when another component has it
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
 * Takes a name of the account for a resource of a kind: there the second one is refused, or put over the first.
 * @param prop the prop that gives the name
 * @param taken the name and its account; what is known only at deployment is not judged
 */
export function claimOwnName(
  name: string,
  kind: string,
  prop: string,
  { value, accountId }: { readonly value: pulumi.Input<string>; readonly accountId: pulumi.Input<string> },
): void {
  if (typeof value !== 'string' || typeof accountId !== 'string') return;
  const key = `${accountId} ${value}`;
  const rule = (other: string) => `must not be that of the ${kind} of '${other}': a name is taken once`;
  claim(name, { kind, key, by: name, prop, value, rule, remedy: 'rename one of them' });
}
