import { resourcePolicySize } from '../../../../lib/rules/rules/access/resource-policy-size';
import { arn, changed, describeAccepted, describeFaults, modelOf, judgeAll, OPEN } from '../faults';
import { goodQueue, letIn, TLS_ONLY } from '../parts';
import { functions } from '../functions/templates';

const topic = (index: number, name = 'news') => `arn:aws:sns:eu-west-1:111122223333:${name}-${index}`;
const topics = (count: number, name?: string) =>
  Array.from({ length: count }, (_, index) => letIn('sns.amazonaws.com', 'Jobs', topic(index, name)));
const queue = goodQueue('Jobs', topics(2));
const merged = (count: number) =>
  letIn(
    'sns.amazonaws.com',
    'Jobs',
    Array.from({ length: count }, (_, i) => topic(i)),
  );
const statements = (list: readonly unknown[]) => ({ 'JobsPolicy.PolicyDocument.Statement': [TLS_ONLY, ...list] });

describeFaults(resourcePolicySize, queue, [
  {
    mistake: 'a statement for each of 22 topics',
    change: statements(topics(22)),
    message: 'has a policy of 23 statements, more than the 20 that SQS takes',
    open: statements([...topics(18), { 'Fn::If': ['IsProduction', topics(9), topics(1)] }]),
  },
  {
    mistake: 'a policy of 9 KB',
    change: statements([...topics(2), merged(210)]),
    message: 'bytes, more than the 8192 that SQS takes',
    open: statements([...topics(2), merged(140), letIn('sns.amazonaws.com', 'Jobs', { 'Fn::Sub': '${Open}:x' })]),
  },
  {
    mistake: 'eight actions in a statement',
    change: statements([
      {
        ...letIn('sns.amazonaws.com', 'Jobs', topic(1)),
        Action: [
          'SendMessage',
          'DeleteMessage',
          'PurgeQueue',
          'ReceiveMessage',
          'GetQueueUrl',
          'TagQueue',
          'UntagQueue',
          'GetQueueAttributes',
        ].map((name) => `sqs:${name}`),
      },
    ]),
    message: 'has a policy of 8 actions in one statement, more than the 7 that SQS takes',
  },
]);

describeAccepted(resourcePolicySize, queue, [
  { accepts: 'one statement that speaks of a hundred topics', change: statements([merged(100)]) },
  { accepts: 'an ARN that is known only at deployment', change: statements([merged(50), ...topics(1)]) },
]);

test('ResourcePolicySize counts a policy that stands there as text as the service does', () => {
  const policy = (count: number) =>
    JSON.stringify({ Statement: Array.from({ length: count }, (_, i) => ({ Sid: `s${i}` })) });
  const said = (text: unknown) =>
    judgeAll(modelOf(changed(queue, { 'JobsPolicy.PolicyDocument': text })), [resourcePolicySize]);
  const open = (count: number) => ({ 'Fn::Sub': policy(count).replace('"s0"', '"s${AWS::Region}"') });
  expect(said(open(19))).toEqual({ findings: [], unknown: [], failures: [] });
  expect(said(open(21)).findings).toEqual([expect.stringContaining('21 statements')]);
  const spaced = policy(19) + ' '.repeat(9000);
  expect(said(spaced)).toMatchObject({ findings: [], unknown: [expect.stringContaining('to 9')] });
  const quoted = JSON.stringify({ Statement: [{ Sid: 'x', Resource: Array.from({ length: 1500 }, () => 'a') }] });
  expect(said({ 'Fn::Sub': quoted.replace('"x"', '"${AWS::Region}"') })).toEqual({
    findings: [],
    unknown: [],
    failures: [],
  });
});

const permissions = (count: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `Route${index}`,
      {
        Type: 'AWS::Lambda::Permission',
        Properties: {
          FunctionName: arn('Worker'),
          Action: 'lambda:InvokeFunction',
          Principal: 'apigateway.amazonaws.com',
          SourceArn: `arn:aws:execute-api:eu-west-1:111122223333:abcdefghij/prod/GET/orders/of/customers/${index}`,
        },
      },
    ]),
  );

const spelledOut = {
  ...changed({ ...functions, ...permissions(80) }, { 'Worker.FunctionName': 'worker' }),
  ...Object.fromEntries(
    Object.entries(permissions(80)).map(([id, { Type, Properties }], index) => {
      const own = 'arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:worker';
      const spellings = ['worker', { 'Fn::Sub': own }, arn('Worker'), { Ref: 'Worker' }];
      return [id, { Type, Properties: { ...Properties, FunctionName: spellings[index % 4] } }];
    }),
  ),
};

const buses = (count: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `Share${index}`,
      {
        Type: 'AWS::Events::EventBusPolicy',
        Properties: {
          EventBusName: { Ref: 'Bus' },
          StatementId: `account-${index}`,
          Statement: {
            Sid: `account-${index}`,
            Effect: 'Allow',
            Principal: { AWS: `arn:aws:iam::${100_000_000_000 + index}:root` },
            Action: 'events:PutEvents',
            Resource: arn('Bus'),
          },
        },
      },
    ]),
  );

test.each([
  ['permissions of a function', { ...functions, ...permissions(80) }, 'the 20480 that Lambda takes'],
  ['permissions of a function, however they name it', spelledOut, 'one of 80 permissions of one function'],
  ['policies of a bus', { Bus: { Type: 'AWS::Events::EventBus' }, ...buses(70) }, 'the 10240 that EventBridge takes'],
])('ResourcePolicySize adds up the %s', (_, resources, message) => {
  const { findings } = judgeAll(modelOf(resources), [resourcePolicySize]);
  expect(findings).toEqual([expect.stringContaining(message)]);
});

test('ResourcePolicySize says of permissions that only their ids and ARNs decide that it cannot tell', () => {
  const few = judgeAll(modelOf({ ...functions, ...permissions(20) }), [resourcePolicySize]);
  const some = judgeAll(modelOf({ ...functions, ...permissions(50) }), [resourcePolicySize]);
  expect([few.unknown.length, some.findings.length, some.unknown.length]).toEqual([0, 0, 1]);
});

test('ResourcePolicySize does not take a policy that it cannot read for a small one', () => {
  const { findings, unknown } = judgeAll(
    modelOf({ P: { Type: 'AWS::SQS::QueuePolicy', Properties: { Queues: ['x'], PolicyDocument: OPEN } } }),
    [resourcePolicySize],
  );
  expect([findings.length, unknown.length]).toEqual([0, 1]);
});
