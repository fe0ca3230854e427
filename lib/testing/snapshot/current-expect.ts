import type * as jestGlobals from '@jest/globals';

/** The test's own `expect`, also where jest is told not to make it global. */
export function currentExpect(): jest.Expect {
  if ('expect' in globalThis) return expect;
  const globals = require('@jest/globals') as typeof jestGlobals;
  return globals.expect as unknown as jest.Expect;
}
