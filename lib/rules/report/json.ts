import { visibleJson } from '../../core/visible';
import type { AcknowledgedFinding, Report, ReportedFinding } from './report';

/**
 * The report as JSON, a public contract:
 * `{ version: 1, summary, findings, unknown, unread, acknowledged, failures, unjudged, validator }`; absent facts are
 * left out. `kind` in `unread` says why something was not read.
 */
export function jsonReport({
  summary,
  findings,
  unknown,
  unread,
  acknowledged,
  failures,
  unjudged,
  validator,
}: Report): string {
  const report = {
    version: 1,
    summary,
    findings: findings.map(finding),
    unknown: unknown.map(finding),
    unread: unread.map((one) => ({ ...finding(one), kind: one.kind })),
    acknowledged: acknowledged.map((one: AcknowledgedFinding) => ({
      ...finding(one),
      reason: one.reason,
      expires: one.expires,
    })),
    failures,
    unjudged,
    validator,
  };
  return `${visibleJson(report)}\n`;
}

/** `line` is the line in the template, `source` the place in the program. */
function finding(one: ReportedFinding): object {
  const { id, rule, severity, tool, template, resource, path, property, message, remedy } = one;
  const { line } = one.location ?? {};
  return { id, rule, severity, tool, template, resource, path, property, message, remedy, line, source: one.origin };
}
