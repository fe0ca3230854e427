import { readFileSync } from 'node:fs';
import { ReadError } from '../../core/model/read-error';
import { type AcknowledgedFinding, type Report, reportOf } from './report';

/** Findings that existed when a team adopted the rules, by id. */
export interface Baseline {
  readonly version: 1;
  /** Ids of findings, in order. */
  readonly findings: readonly string[];
}

/** A report compared with a baseline. */
export interface Compared {
  /** The report, in which known findings count as acknowledged. */
  readonly report: Report;
  /** Ids in the baseline that no longer have a finding. */
  readonly fixed: readonly string[];
}

/**
 * The text of a report's baseline, which makes its findings known. Findings of CloudFormation's validator are left out:
 * AWS rejects those, and they vary with its version.
 */
export function baselineOf({ findings }: Report): string {
  const own = findings.filter(({ tool }) => tool === undefined);
  const baseline: Baseline = { version: 1, findings: own.map(({ id }) => id).sort() };
  return `${JSON.stringify(baseline, undefined, 2)}\n`;
}

/**
 * Reads a baseline.
 * @throws ReadError when it cannot be read or is not a baseline
 */
export function readBaseline(file: string): Baseline {
  let data: unknown;
  try {
    data = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ReadError(
      file,
      `cannot be read as a baseline: ${(error as Error).message}`,
      'write it with --write-baseline',
    );
  }
  if (!isBaseline(data)) throw new ReadError(file, 'is not a baseline', 'write it with --write-baseline');
  return data;
}

/** Findings in the baseline do not count; those that are gone are listed. */
export function compare(report: Report, { findings: known }: Baseline): Compared {
  const ids = new Set(known);
  const old: AcknowledgedFinding[] = report.findings
    .filter(({ id }) => ids.has(id))
    .map((finding) => ({ ...finding, location: finding.location, reason: 'in the baseline' }));
  const present = new Set(
    [...report.findings, ...report.unknown, ...report.unread, ...report.acknowledged].map(({ id }) => id),
  );
  return {
    report: reportOf({
      ...report,
      findings: report.findings.filter(({ id }) => !ids.has(id)),
      acknowledged: [...report.acknowledged, ...old],
    }),
    fixed: known.filter((id) => !present.has(id)),
  };
}

function isBaseline(data: unknown): data is Baseline {
  if (typeof data !== 'object' || data === null || !('version' in data) || !('findings' in data)) return false;
  return data.version === 1 && Array.isArray(data.findings) && data.findings.every((id) => typeof id === 'string');
}
