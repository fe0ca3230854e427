import * as pulumi from '@pulumi/pulumi';
import { refuse } from './check-args';

/** Who answers for a hostname, in each program. */
const claimed = new WeakMap<pulumi.Resource, Map<string, string>>();

/**
 * Takes a hostname for a Worker of a program: a second one would take it from the first, and two that lead to each other would lead
 * in a circle.
 * @param name of the component
 * @param hostname one that is known only at deployment is not judged
 * @throws InputPropertiesError when another component has it
 */
export function claimHostname(name: string, hostname: pulumi.Input<string>): void {
  const stack = pulumi.runtime.getStackResource();
  if (!stack || typeof hostname !== 'string') return;
  const hosts = claimed.get(stack) ?? new Map<string, string>();
  claimed.set(stack, hosts);
  const host = hostname.toLowerCase();
  const other = hosts.get(host);
  refuse(name, [
    {
      prop: 'domain',
      value: hostname,
      valid: () => other === undefined,
      rule: `must not be a hostname for which '${other}' answers already`,
      remedy: 'remove it here or there',
    },
  ]);
  hosts.set(host, name);
}
