import * as pulumi from '@pulumi/pulumi';
import { refuse } from './check-args';

/** Who has a name, in each program. */
const claimed = new WeakMap<pulumi.Resource, Map<string, string>>();

/**
 * Takes a name for a Worker of a program. Two Workers of one name would be uploaded over each other, whatever their
 * components are.
 * @param kind the class of the component
 * @param scriptName the Worker's name in the account; one that is known only at deployment is not judged
 * @throws InputPropertiesError when another component has it
 */
export function claimName(kind: string, name: string, scriptName: pulumi.Input<string>): void {
  const stack = pulumi.runtime.getStackResource();
  if (!stack || typeof scriptName !== 'string') return;
  const names = claimed.get(stack) ?? new Map<string, string>();
  claimed.set(stack, names);
  const other = names.get(scriptName);
  refuse(name, [
    {
      prop: 'scriptName',
      value: scriptName,
      valid: () => other === undefined,
      rule: `must not be that of another Worker (${other}): one would be uploaded over the other`,
      remedy: `name the component otherwise, for instance '${name}-${kind.replace(/^Edge/, '').toLowerCase()}'`,
    },
  ]);
  names.set(scriptName, `${kind} '${name}'`);
}
