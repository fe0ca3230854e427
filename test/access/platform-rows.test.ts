import { diffAccess } from '../../lib/access';
import { getAtt, may, role, template, worker } from './templates';

/** Whether what a new function may do counts as widened. */
function counts(...statements: readonly object[]): boolean {
  const added = {
    New: { Type: 'AWS::Lambda::Function', Properties: { Role: getAtt('NewRole') } },
    NewRole: role(statements),
  };
  return diffAccess(template(worker([])), template(worker([], added))).widened.length > 0;
}

test.each<[string, object[]]>([
  ['logs', [may(['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'])]],
  ['traces', [may(['xray:PutTraceSegments', 'xray:PutTelemetryRecords'])]],
  ['network interfaces', [may(['ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface'])]],
])('%s of a new function do not count', (_, statements) => {
  expect(counts(...statements)).toBe(false);
});

test.each<[string, object[]]>([
  ['logs that it may also read', [may(['logs:PutLogEvents', 'logs:GetLogEvents'])]],
  ['all of the service', [may('logs:*')]],
  ['a table', [may('dynamodb:GetItem', getAtt('Table'))]],
  ['all but some actions', [{ Effect: 'Allow', NotAction: ['iam:*'], Resource: '*' }]],
])('%s of a new function counts', (_, statements) => {
  expect(counts(...statements)).toBe(true);
});

test('logs of a function that is not new count', () => {
  const head = template(worker([may('logs:PutLogEvents')]));
  expect(diffAccess(template(worker([])), head)).toMatchObject({
    widened: [{ reason: 'granted' }],
    platform: [],
  });
});

test.each([
  ['everybody', { Principal: '*' }],
  ['another account', { Principal: '222222222222' }],
  ['a service for anybody', { Principal: 'apigateway.amazonaws.com' }],
])('that %s may call a new function counts', (_, properties) => {
  const added = {
    New: { Type: 'AWS::Lambda::Function', Properties: { Role: getAtt('Role') } },
    Permission: {
      Type: 'AWS::Lambda::Permission',
      Properties: { FunctionName: { Ref: 'New' }, Action: 'lambda:InvokeFunction', ...properties },
    },
  };
  expect(diffAccess(template(worker([])), template(worker([], added))).widened).toHaveLength(1);
});

test('that a rule calls the alias of a new function does not count, and of an old one it does', () => {
  const calling = (FunctionName: string) => ({
    Rule: { Type: 'AWS::Events::Rule', Properties: { Targets: [{ Id: 't', Arn: { Ref: 'Alias' } }] } },
    Alias: { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: { Ref: FunctionName }, Name: 'live' } },
    New: { Type: 'AWS::Lambda::Function', Properties: { Role: getAtt('Role') } },
    Permission: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        FunctionName: { Ref: 'Alias' },
        Action: 'lambda:InvokeFunction',
        Principal: 'events.amazonaws.com',
        SourceArn: getAtt('Rule'),
      },
    },
  });
  const widened = (name: string) => diffAccess(template(worker([])), template(worker([], calling(name)))).widened;
  expect(widened('New')).toEqual([]);
  expect(widened('Fn')).toMatchObject([{ principal: { kind: 'rule' }, actions: ['lambda:InvokeFunction'] }]);
});
