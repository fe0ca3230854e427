import * as pulumi from '@pulumi/pulumi';
import { refuse } from './check-args';
import { derivedName } from './physical-name';

/** Who has a name, in each program. */
const claimed = new WeakMap<pulumi.Resource, Map<string, string>>();

/**
 * Takes a name for a Worker of a program. Two Workers of one name would be uploaded over each other, whatever their
 * components are, and their files lie in one directory.
 * @param kind the class of the component
 * @throws InputPropertiesError when another component has it
 */
export function claimName(kind: string, name: string): void {
  const stack = pulumi.runtime.getStackResource();
  if (!stack) return;
  const names = claimed.get(stack) ?? new Map<string, string>();
  claimed.set(stack, names);
  const other = names.get(derivedName(name));
  refuse(name, [
    {
      prop: 'name',
      value: name,
      valid: () => other === undefined,
      rule: `must not be that of another Worker (${other}): one would be uploaded over the other`,
      remedy: `choose another, for instance '${name}-${kind.replace(/^Edge/, '').toLowerCase()}'`,
    },
  ]);
  names.set(derivedName(name), `${kind} '${name}'`);
}
