import type * as pulumi from '@pulumi/pulumi';
import { accountKey, claim } from './claims';

/**
 * Claims a name for a Worker of a program. Two Workers of an account with one name would overwrite each other, whatever
 * their components are.
 * @param kind the class of the component
 * @param script the Worker's name in its account; not checked if known only at deployment
 * @throws InputPropertiesError when another component has claimed it
 */
export function claimName(
  kind: string,
  name: string,
  { scriptName, accountId }: { readonly scriptName: pulumi.Input<string>; readonly accountId: pulumi.Input<string> },
): void {
  if (typeof scriptName !== 'string') return;
  claim(name, {
    kind: 'Worker',
    key: `${accountKey(accountId)} ${scriptName}`,
    by: `${kind} '${name}'`,
    prop: 'scriptName',
    value: scriptName,
    rule: (other) => `must not be that of another Worker (${other}): each upload would overwrite the other`,
    remedy: `rename the component, for instance to '${name}-${kind.replace(/^Edge/, '').toLowerCase()}'`,
  });
}
