import { evaluate, narrowAccess, type NarrowedAccess, type PolicyDocument, type UsageReport } from '../../lib/access';
import { readTemplate } from '../../lib/core/model';
import { Names } from '../../lib/core/model/names';
import { getAtt, may, template, worker } from './templates';

const HERE = 'eu-west-1:123456789012';
const TABLE = `arn:aws:dynamodb:${HERE}:table/Shop-Table`;
const QUEUE = `arn:aws:sqs:${HERE}:Shop-Queue`;

function report(...used: readonly (readonly [action: string, resource: string])[]): UsageReport {
  const role = 'arn:aws:iam::123456789012:role/Shop-Role';
  return { functions: [{ id: 'Shop/Fn', role, used: used.map(([action, resource]) => ({ action, resource })) }] };
}

function narrow(statements: object[], usage: UsageReport, rest = {}): NarrowedAccess {
  return narrowAccess(template(worker(statements, rest)), usage)[0]!;
}

test('tells what was never used, and writes the policy for what was', () => {
  const { principal, unused, policy } = narrow(
    [
      may(['dynamodb:GetItem', 'dynamodb:PutItem'], [getAtt('Table'), { 'Fn::Sub': '${Table.Arn}/index/*' }]),
      may('sqs:SendMessage', getAtt('Queue')),
    ],
    report(['dynamodb:GetItem', TABLE], ['dynamodb:GetItem', `${TABLE}/index/byDate`]),
  );
  expect(principal).toEqual({ kind: 'function', name: 'Shop/Fn' });
  expect(unused).toEqual([
    { resource: 'Shop/Queue', actions: ['sqs:SendMessage'] },
    { resource: 'Shop/Table', actions: ['dynamodb:PutItem'] },
    { resource: 'Shop/Table/index/*', actions: ['dynamodb:PutItem'] },
  ]);
  expect(policy).toEqual({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: ['dynamodb:GetItem'],
        Resource: [getAtt('Table'), { 'Fn::Sub': '${Table.Arn}/index/*' }],
      },
    ],
  });
});

test('a wildcard becomes the actions and the resources that were used', () => {
  const { unused, policy } = narrow(
    [may('*')],
    report(['dynamodb:GetItem', TABLE], ['sqs:SendMessage', QUEUE], ['s3:GetObject', 'arn:aws:s3:::shop-bucket/a/b']),
  );
  expect(unused).toEqual([
    { resource: '*', actions: ['*'], but: expect.arrayContaining(['s3:GetObject', 'sqs:SendMessage']) },
  ]);
  expect(policy.Statement).toEqual([
    { Effect: 'Allow', Action: ['dynamodb:GetItem'], Resource: [getAtt('Table')] },
    { Effect: 'Allow', Action: ['sqs:SendMessage'], Resource: [getAtt('Queue')] },
    { Effect: 'Allow', Action: ['s3:GetObject'], Resource: [{ 'Fn::Sub': '${Bucket.Arn}/*' }] },
    {
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents', 'xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
      Resource: ['*'],
    },
  ]);
});

test('keeps what a run of the handler cannot show, conditions and denies', () => {
  const condition = { Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } } };
  const { unused, kept, policy } = narrow(
    [
      may(['logs:CreateLogStream', 'logs:PutLogEvents'], '*'),
      may('sqs:SendMessage', getAtt('Queue'), condition),
      { Effect: 'Deny', Action: 'sqs:PurgeQueue', Resource: '*' },
    ],
    report(['sqs:SendMessage', QUEUE]),
  );
  expect(unused).toEqual([]);
  expect(kept).toEqual([{ resource: '*', actions: ['logs:CreateLogStream', 'logs:PutLogEvents'] }]);
  expect(policy.Statement).toEqual([
    { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: ['*'] },
    {
      Effect: 'Allow',
      Action: ['sqs:SendMessage'],
      Resource: [getAtt('Queue')],
      Condition: { StringEquals: { 'aws:RequestedRegion': ['eu-west-1'] } },
    },
    { Effect: 'Deny', Action: ['sqs:PurgeQueue'], Resource: ['*'] },
  ]);
});

test('keeps what Lambda needs to poll a source and to deliver what failed', () => {
  const rest = {
    Mapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: { FunctionName: { Ref: 'Fn' }, EventSourceArn: getAtt('Queue') },
    },
    Fn: {
      Type: 'AWS::Lambda::Function',
      Properties: { Role: getAtt('Role'), DeadLetterConfig: { TargetArn: { Ref: 'Topic' } } },
    },
    Topic: { Type: 'AWS::SNS::Topic', Properties: {} },
  };
  const polling = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:PurgeQueue'];
  const { unused } = narrow([may(polling, getAtt('Queue')), may('sns:Publish', { Ref: 'Topic' })], report(), rest);
  expect(unused).toEqual([{ resource: 'Shop/Queue', actions: ['sqs:PurgeQueue'] }]);
});

test('names resources by what a policy in their template can say', () => {
  const rest = {
    Topic: { Type: 'AWS::SNS::Topic', Properties: {} },
    Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: {} },
  };
  const api = { 'Fn::Sub': 'arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*' };
  const model = template(
    worker([may('sns:Publish', { Ref: 'Topic' }), may('execute-api:ManageConnections', api)], rest),
  );
  const names = new Names(model, { region: 'eu-west-1' });
  const arn = (id: string) => names.arn(model.resources.get(`Shop/${id}`)!)!;
  const [narrowed] = narrowAccess(
    model,
    report(['sns:Publish', arn('Topic')], ['execute-api:ManageConnections', `${arn('Api')}/live/POST/@connections`]),
  );
  expect(narrowed?.policy.Statement.map(({ Resource }) => Resource)).toEqual([[{ Ref: 'Topic' }], [api]]);
});

test('the written policy allows what was used and nothing that was not', () => {
  const used: readonly [string, string][] = [
    ['dynamodb:Query', TABLE],
    ['dynamodb:GetItem', TABLE],
    ['sqs:SendMessage', QUEUE],
  ];
  const { policy } = narrow([may(['dynamodb:*', 'sqs:*'])], report(...used));
  // Read back as a template would be, the policy stands in a role of the same resources.
  const written = readTemplate(
    JSON.stringify({ Resources: worker([], { P: { Type: 'X::Y::Z', Properties: { Policy: policy } } }) }),
    { name: 'Shop' },
  );
  const names = new Names(written, { region: 'eu-west-1' });
  const document = names.plain(written.resources.get('Shop/P')!.properties.Policy, 'Shop') as unknown as PolicyDocument;
  const verdict = (action: string, resource: string) =>
    evaluate({ action, resource, context: {} }, { identity: [document] }).verdict;
  for (const [action, resource] of used) expect(verdict(action, resource)).toBe('allowed');
  expect(verdict('dynamodb:DeleteItem', TABLE)).toBe('denied');
  expect(verdict('dynamodb:Query', `${TABLE}2`)).toBe('denied');
  expect(verdict('sqs:SendMessage', TABLE)).toBe('denied');
});

test('counts what services did in its name, and tells a function that never ran', () => {
  const { functions } = report();
  const counted = {
    ...functions[0]!,
    platform: [{ action: 'sqs:ReceiveMessage', resource: QUEUE }],
    invocations: { total: 0 },
  };
  const result = narrow([may('sqs:ReceiveMessage', getAtt('Queue'))], { functions: [counted] });
  expect(result).toMatchObject({ ran: false, unused: [] });
  expect(narrow([], report()).ran).toBe(true);
});

test('refuses a report of other templates', () => {
  const other: UsageReport = { functions: [{ id: 'Other/Fn', role: 'r', used: [] }] };
  expect(() => narrowAccess(template(worker([])), other)).toThrow("names the function 'Other/Fn'");
});
