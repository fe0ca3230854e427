import type * as jestGlobals from '@jest/globals';
import type { Expect } from '../add-matchers';
import type { MatcherResult } from '../matchers';

let given: Expect | undefined;

/** Sets the `expect` whose snapshots are used. */
export function useExpect(expect: Expect): void {
  given = expect;
}

/**
 * Compares a value with the stored snapshot of the test that runs.
 * @param hint tells several snapshots of one test apart
 */
export function matchSnapshot(value: unknown, hint: string | undefined): MatcherResult {
  const snapshot = currentExpect()(value);
  if (hint === undefined) snapshot.toMatchSnapshot();
  else snapshot.toMatchSnapshot(hint);
  return { pass: true, message: () => 'a snapshot matcher cannot be negated' };
}

/** The given `expect`, the global one, or jest's if it is configured not to make it global. */
function currentExpect(): Expect {
  if (given) return given;
  if ('expect' in globalThis) return expect;
  return (require('@jest/globals') as typeof jestGlobals).expect;
}
