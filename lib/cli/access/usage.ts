import { readFileSync } from 'node:fs';
import { narrowAccess, type NarrowedAccess, UnknownFunctionError, type UsageReport } from '../../access/narrow';
import type { Model } from '../../core/model/model';
import { ReadError } from '../../core/model/read-error';

/**
 * What functions never used, according to the report of a local run.
 * @throws ReadError for a file that is not such a report, or is one of other templates: a usage error, not a finding
 */
export function narrowedBy(file: string, model: Model): readonly NarrowedAccess[] {
  try {
    return narrowAccess(model, usageIn(file));
  } catch (error) {
    if (!(error instanceof UnknownFunctionError)) throw error;
    throw new ReadError(file, error.message, 'name the templates it was made from');
  }
}

function usageIn(file: string): UsageReport {
  const bad = (reason: string) =>
    new ReadError(
      file,
      reason,
      "write it with 'lintel run --report', or with 'JSON.stringify(run.report())' in a test",
    );
  const content = (() => {
    try {
      return JSON.parse(readFileSync(file, 'utf8')) as unknown;
    } catch (error) {
      throw bad(error instanceof SyntaxError ? 'is not JSON' : 'cannot be read');
    }
  })();
  if (!isUsage(content)) throw bad('is not the report of a local run');
  return content;
}

function isUsage(value: unknown): value is UsageReport {
  if (typeof value !== 'object' || value === null || !('functions' in value) || !Array.isArray(value.functions))
    return false;
  return value.functions.every(
    (one: unknown) =>
      typeof one === 'object' &&
      one !== null &&
      'id' in one &&
      'role' in one &&
      'used' in one &&
      Array.isArray(one.used),
  );
}
