import type * as pulumi from '@pulumi/pulumi';
import { claim } from './claims';

/**
 * Claims a hostname for a Worker of a program: a second claim would take it from the first, and two that redirect to each other would
 * loop.
 * @param name of the component
 * @param hostname not checked if known only at deployment
 * @throws InputPropertiesError when another component has claimed it
 */
export function claimHostname(name: string, hostname: pulumi.Input<string>): void {
  if (typeof hostname !== 'string') return;
  claim(name, {
    kind: 'hostname',
    key: hostname.toLowerCase(),
    by: name,
    prop: 'domain',
    value: hostname,
    rule: (other) => `must not be a hostname that '${other}' already serves`,
    remedy: 'remove it from one of them',
  });
}
