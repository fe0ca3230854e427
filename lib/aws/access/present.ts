import { check } from '../../core/check/check';

/**
 * A resource that access is asked for.
 * @param kind what it is: `table`
 * @throws PatternError when there is none, as in a field that is read before it is set
 */
export function present<T>(kind: string, resource: T): T {
  check(`Access.${kind}`, [
    {
      prop: kind,
      value: resource,
      valid: () => typeof resource === 'object' && resource !== null,
      rule: 'must be a construct',
      remedy: 'give the construct, which must be made before this line',
    },
  ]);
  return resource;
}
