import type * as jestGlobals from '@jest/globals';
import type { MatcherResult } from '../matchers';
import { normalizeTemplate } from './normalize';
import { templateOf, type TemplateSource } from './template-of';

/**
 * Compares a normalised template with the stored snapshot of the test that runs.
 * @param hint tells several snapshots of one test apart
 */
export function toMatchTemplateSnapshot(received: TemplateSource, hint?: string): MatcherResult {
  const snapshot = currentExpect()(normalizeTemplate(templateOf(received)));
  if (hint === undefined) snapshot.toMatchSnapshot();
  else snapshot.toMatchSnapshot(hint);
  return { pass: true, message: () => 'a snapshot matcher cannot be negated' };
}

/** The test's own `expect`, also where jest is told not to make it global. */
function currentExpect(): jest.Expect {
  if ('expect' in globalThis) return expect;
  const globals = require('@jest/globals') as typeof jestGlobals;
  return globals.expect as unknown as jest.Expect;
}
