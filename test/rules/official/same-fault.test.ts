import { withoutTwins } from '../../../lib/rules/official/same-fault';
import { type ReportedFinding, reportOf } from '../../../lib/rules/report/report';

const found = (rule: string, property?: string, more: Partial<ReportedFinding> = {}): ReportedFinding => ({
  id: `${rule}[${property}]`,
  rule,
  severity: 'error',
  tool: /^[A-Z]\d/.test(rule) ? 'CloudFormation-Validate' : undefined,
  template: 'a.yaml',
  resource: 'Jobs',
  property,
  message: 'x',
  acknowledge: rule,
  ...more,
});
const left = (...findings: ReportedFinding[]) => withoutTwins(reportOf({ findings })).findings.map(({ rule }) => rule);

test('a fault that both find is named by our rule alone', () => {
  expect(left(found('FifoSettings', 'QueueName'), found('E2504', 'QueueName'), found('E3501', 'QueueName'))).toEqual([
    'FifoSettings',
  ]);
  expect(left(found('SecurityGroupOpen', 'CidrIp'), found('W2508'))).toEqual(['SecurityGroupOpen']);
  expect(left(found('QueueLimits', 'DelaySeconds'), found('F3034', 'DelaySeconds'))).toEqual(['QueueLimits']);
});

test('our own finding that is acknowledged speaks for both', () => {
  const acknowledged = [{ ...found('FifoSettings', 'QueueName'), reason: 'a trial' }];
  const { findings, summary } = withoutTwins(reportOf({ findings: [found('E2504', 'QueueName')], acknowledged }));
  expect([findings, summary.errors, summary.acknowledged]).toEqual([[], 0, 1]);
});

test.each([
  ['on another resource', [found('FifoSettings', 'QueueName', { resource: 'Other' }), found('E2504', 'QueueName')]],
  ['in another template', [found('FifoSettings', 'QueueName', { template: 'b.yaml' }), found('E2504', 'QueueName')]],
  ['at another place', [found('EventPatternSyntax', 'EventPattern.a.0'), found('E9014', 'EventPattern.b.0.prefix')]],
  [
    'at a place that only begins alike',
    [found('EventPatternSyntax', 'EventPattern.a'), found('E9014', 'EventPattern.ab')],
  ],
  ['of another kind', [found('QueueEncryption', 'KmsMasterKeyId'), found('F3002', 'KmsMasterKeyId')]],
  ['that is more than advice', [found('QueueReceiveCount', 'A', { severity: 'warning' }), found('F3034', 'A')]],
])('what the validator finds %s stays', (_where, findings) => {
  expect(left(...findings)).toEqual(findings.map(({ rule }) => rule));
});
