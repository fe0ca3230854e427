import type * as pulumi from '@pulumi/pulumi';
import { claim } from './claims';

/**
 * Takes a name for a Worker of a program. Two Workers of one name would be uploaded over each other, whatever their
 * components are.
 * @param kind the class of the component
 * @param scriptName the Worker's name in the account; one that is known only at deployment is not judged
 * @throws InputPropertiesError when another component has it
 */
export function claimName(kind: string, name: string, scriptName: pulumi.Input<string>): void {
  if (typeof scriptName !== 'string') return;
  claim(name, {
    kind: 'Worker',
    key: scriptName,
    by: `${kind} '${name}'`,
    prop: 'scriptName',
    value: scriptName,
    rule: (other) => `must not be that of another Worker (${other}): one would be uploaded over the other`,
    remedy: `name the component otherwise, for instance '${name}-${kind.replace(/^Edge/, '').toLowerCase()}'`,
  });
}
