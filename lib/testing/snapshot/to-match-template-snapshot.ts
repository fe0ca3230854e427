import type { MatcherResult } from '../matchers';
import { currentExpect } from './current-expect';
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
