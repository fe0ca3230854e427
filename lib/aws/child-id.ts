import type { IConstruct } from 'constructs';
import { check } from '../core/check/check';

/**
 * Judges the id of a construct that a method makes.
 * @param method as it is called: `hub.subscribe`
 * @throws PatternError when it is no text, or another construct has it
 */
export function checkId(parent: IConstruct, method: string, id: unknown): void {
  check(parent, [
    {
      prop: 'id',
      value: id,
      ofType: true,
      valid: () => typeof id === 'string' && id !== '',
      rule: 'must be text, the id of what is made',
      remedy: `write ${method}('Billing', { ... })`,
    },
    {
      prop: 'id',
      value: id,
      valid: () => parent.node.tryFindChild(String(id)) === undefined,
      rule: 'must be one that nothing else there has',
      remedy: 'choose another',
    },
  ]);
}
