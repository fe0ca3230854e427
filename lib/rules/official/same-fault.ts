import { type Report, type ReportedFinding, reportOf } from '../report/report';

/** Rules of the official validator that one of ours covers in more detail. */
const TWINS: Readonly<Record<string, readonly string[]>> = {
  E2504: ['FifoSettings'],
  E2530: ['SnapStartSupported'],
  E2531: ['FunctionRuntime'],
  E2533: ['FunctionRuntime'],
  E3027: ['ScheduleExpression'],
  E3501: ['FifoSettings', 'QueueLimits'],
  E3502: ['QueueRedriveType'],
  E3505: ['QueueVisibilityTimeout'],
  E3601: ['StateMachineDefinition', 'QueryLanguageFields', 'JsonataSyntax'],
  E3663: ['FunctionReservedVariable'],
  E3705: ['MappingBatch'],
  E3717: ['FunctionTimeout'],
  E9014: ['EventPatternSyntax'],
  W2501: ['PlaintextSecret'],
  W2508: ['SecurityGroupOpen'],
  W2512: ['AllowNotAction'],
  W2530: ['SnapStartSupported'],
  W2531: ['FunctionRuntime'],
  W3045: ['BucketPublic'],
  W3663: ['LambdaPermissionSource'],
  W9008: ['DatabaseEncryption'],
  W9011: ['DatabasePublic'],
};

/** The validator's rules about any value: dropped for a property that one of our rules already reports. */
const OF_VALUES = ['F3031', 'F3033', 'F3034', 'E3031', 'E3034', 'W3030'];

/**
 * A report that names each fault once: the official validator's finding is dropped if one of our rules reports or
 * acknowledges the same fault on the same resource. Anything that only one of them finds stays.
 */
export function withoutTwins(report: Report): Report {
  const own = new Map<string, ReportedFinding[]>();
  for (const finding of [...report.findings, ...report.acknowledged]) {
    if (finding.tool !== undefined) continue;
    const key = keyOf(finding);
    const known = own.get(key);
    if (known) known.push(finding);
    else own.set(key, [finding]);
  }
  const findings = report.findings.filter(
    (finding) => finding.tool === undefined || !(own.get(keyOf(finding)) ?? []).some((one) => isTwin(finding, one)),
  );
  return findings.length === report.findings.length ? report : reportOf({ ...report, findings });
}

function keyOf({ template, resource }: ReportedFinding): string {
  return `${template}\n${resource}`;
}

function isTwin(official: ReportedFinding, own: ReportedFinding): boolean {
  if (TWINS[official.rule]?.includes(own.rule)) return overlap(official.property, own.property);
  return OF_VALUES.includes(official.rule) && own.severity === 'error' && official.property === own.property;
}

/** Whether one of two places contains the other; a finding without a place is about the whole resource. */
function overlap(one = '', other = ''): boolean {
  return one === '' || other === '' || `${one}.`.startsWith(`${other}.`) || `${other}.`.startsWith(`${one}.`);
}
