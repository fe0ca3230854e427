import { type AcknowledgedFinding, type Report, type ReportedFinding } from './report';

/**
 * The report as JSON, a public contract:
 * `{ version: 1, summary, findings, unknown, acknowledged, failures }`; facts that are absent are left out.
 */
export function jsonReport({ summary, findings, unknown, acknowledged, failures }: Report): string {
  const report = {
    version: 1,
    summary,
    findings: findings.map(finding),
    unknown: unknown.map(finding),
    acknowledged: acknowledged.map((one: AcknowledgedFinding) => ({
      ...finding(one),
      reason: one.reason,
      expires: one.expires,
    })),
    failures,
  };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

/** `line` is the line in the template. */
function finding(one: ReportedFinding): object {
  const { id, rule, severity, template, resource, path, property, message, remedy } = one;
  return { id, rule, severity, template, resource, path, property, message, remedy, line: one.location?.line };
}
