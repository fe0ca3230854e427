import type { MatcherResult } from '../matchers';
import type { TemplateSource } from '../sources';
import { matchSnapshot } from './match-snapshot';
import { normalizeTemplate } from './normalize';
import { templateOf } from './template-of';

/**
 * Compares a normalised template with the stored snapshot of the test that runs.
 * @param hint tells several snapshots of one test apart
 */
export function toMatchTemplateSnapshot(received: TemplateSource, hint?: string): MatcherResult {
  return matchSnapshot(normalizeTemplate(templateOf(received)), hint);
}
