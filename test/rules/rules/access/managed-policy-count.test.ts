import { managedPolicyCount } from '../../../../lib/rules/rules/access/managed-policy-count';
import { allow, goodRole } from '../parts';
import { inProduction, judgeAll, modelOf, OPEN } from '../faults';

const arns = (count: number) =>
  Array.from({ length: count }, (_, index) => `arn:aws:iam::111122223333:policy/own-${index}`);

const extra = {
  Type: 'AWS::IAM::ManagedPolicy',
  Properties: {
    Roles: [{ Ref: 'Worker' }],
    PolicyDocument: { Statement: [allow('sqs:SendMessage', 'arn:aws:sqs:eu-west-1:111122223333:jobs')] },
  },
};

function said(ManagedPolicyArns: unknown, more: object = {}) {
  const role = goodRole('lambda.amazonaws.com', []) as { Type: string; Properties: object };
  const Worker = { ...role, Properties: { ...role.Properties, ManagedPolicyArns } };
  const { findings, unknown } = judgeAll(modelOf({ Worker, ...more }), [managedPolicyCount]);
  return { findings, unknown };
}

test.each([
  ['eleven policies by ARN', arns(11), {}],
  ['ten by ARN and one that attaches itself', arns(10), { Extra: extra }],
])('ManagedPolicyCount refuses %s', (_, list, more) => {
  expect(said(list, more).findings).toEqual([
    'ManagedPolicyCount Worker: has 11 managed policies, more than the 10 that IAM attaches to a role unless the quota was raised, to 25 at most',
  ]);
});

test('ManagedPolicyCount refuses eleven policies of a group, of a quota that is not raised', () => {
  const Team = { Type: 'AWS::IAM::Group', Properties: { ManagedPolicyArns: arns(11) } };
  const { findings } = judgeAll(modelOf({ Team }), [managedPolicyCount]);
  expect(findings).toEqual([
    'ManagedPolicyCount Team: has 11 managed policies, more than the 10 that IAM attaches to a group',
  ]);
});

test.each([
  ['a list that is known only at deployment', OPEN],
  ['one policy too many in production', [...arns(10), inProduction('arn:aws:iam::111122223333:policy/more')]],
])('ManagedPolicyCount says when it cannot judge: %s', (_, list) => {
  expect(said(list)).toEqual({ findings: [], unknown: [expect.stringContaining('only the deployment tells')] });
});

test.each([
  ['ten policies', arns(10), {}],
  ['one policy that is no list', arns(1)[0], {}],
  ['one policy twice', [...arns(10), ...arns(1)], {}],
  ['a policy of the template, listed and attaching itself', [...arns(9), { Ref: 'Extra' }], { Extra: extra }],
])('ManagedPolicyCount accepts %s', (_, list, more) => {
  expect(said(list, more)).toEqual({ findings: [], unknown: [] });
});
