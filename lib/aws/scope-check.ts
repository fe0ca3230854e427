import type { IConstruct } from 'constructs';
import { check } from '../core/check/check';

/**
 * Checks a scope that something is declared for.
 * @param what the method called: `Defaults.of`
 * @throws PatternError when it is not a construct
 */
export function checkScope(what: string, scope: unknown): asserts scope is IConstruct {
  check(what, [
    {
      prop: 'scope',
      value: scope,
      valid: () => typeof scope === 'object' && scope !== null && 'node' in scope,
      rule: 'must be a construct',
      remedy: 'pass the app, a stage, a stack or another construct',
    },
  ]);
}
