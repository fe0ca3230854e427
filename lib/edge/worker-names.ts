import type * as pulumi from '@pulumi/pulumi';
import { claim } from './claims';

/**
 * Claims a name for a Worker of a program. Two Workers with one name would overwrite each other, whatever their
 * components are.
 * @param kind the class of the component
 * @param scriptName the Worker's name in the account; not checked if known only at deployment
 * @throws InputPropertiesError when another component has claimed it
 */
export function claimName(kind: string, name: string, scriptName: pulumi.Input<string>): void {
  if (typeof scriptName !== 'string') return;
  claim(name, {
    kind: 'Worker',
    key: scriptName,
    by: `${kind} '${name}'`,
    prop: 'scriptName',
    value: scriptName,
    rule: (other) => `must not be that of another Worker (${other}): each upload would overwrite the other`,
    remedy: `rename the component, for instance to '${name}-${kind.replace(/^Edge/, '').toLowerCase()}'`,
  });
}
