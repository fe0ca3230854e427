import type { IConstruct } from 'constructs';
import { check } from '../core/check/check';

/**
 * Checks the id of a construct that a method creates.
 * @param method the method called: `hub.subscribe`
 * @throws PatternError when it is not a string, or another construct has it
 */
export function checkId(parent: IConstruct, method: string, id: unknown): void {
  check(parent, [
    {
      prop: 'id',
      value: id,
      ofType: true,
      valid: () => typeof id === 'string' && id !== '',
      rule: 'must be a string, the id of the new construct',
      remedy: `write ${method}('Billing', { ... })`,
    },
    {
      prop: 'id',
      value: id,
      valid: () => parent.node.tryFindChild(String(id)) === undefined,
      rule: 'must be unique in its scope',
      remedy: 'choose another id',
    },
  ]);
}
