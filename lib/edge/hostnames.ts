import type * as pulumi from '@pulumi/pulumi';
import { claim } from './claims';

/**
 * Takes a hostname for a Worker of a program: a second one would take it from the first, and two that lead to each other would lead
 * in a circle.
 * @param name of the component
 * @param hostname one that is known only at deployment is not judged
 * @throws InputPropertiesError when another component has it
 */
export function claimHostname(name: string, hostname: pulumi.Input<string>): void {
  if (typeof hostname !== 'string') return;
  claim(name, {
    kind: 'hostname',
    key: hostname.toLowerCase(),
    by: name,
    prop: 'domain',
    value: hostname,
    rule: (other) => `must not be a hostname for which '${other}' answers already`,
    remedy: 'remove it here or there',
  });
}
