import { matchers } from './matchers';
import { useExpect } from './snapshot/match-snapshot';

/** The `expect` of a test runner, as far as the matchers need it: jest's and vitest's both qualify. */
export interface Expect {
  (value: unknown): {
    /** Compares a value with the stored snapshot of the test that runs. */
    toMatchSnapshot(hint?: string): unknown;
  };
  /** Adds matchers. */
  extend(added: typeof matchers): unknown;
}

/**
 * Adds the matchers to an `expect` that is not global: that of `@jest/globals`, or that of vitest, for which
 * `import 'lintel/testing/vitest'` does it.
 * @example
 * import { expect } from '@jest/globals';
 * import { addMatchers } from 'lintel/testing';
 * addMatchers(expect);
 */
export function addMatchers(expect: Expect): void {
  expect.extend(matchers);
  useExpect(expect);
}
