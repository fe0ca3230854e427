import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { actionDataDate, findAction, matchingActions } from '../../../lib/core/iam/actions';
import { managedPolicy, managedPolicyName, managedPolicyNames } from '../../../lib/core/iam/managed-policies';
import { listOf } from '../../../lib/core/iam/policy';

test('the action data is what the script makes of the installed source', () => {
  const script = path.join(__dirname, '../../../scripts/iam-actions.mjs');
  expect(() => execFileSync(process.execPath, [script, '--check'], { stdio: 'pipe' })).not.toThrow();
  expect(actionDataDate()).toMatch(/^\d{4}-\d\d-\d\d$/);
});

test.each([
  ['dynamodb:GetItem', 'dynamodb:GetItem', 'read', true],
  ['DYNAMODB:getitem', 'dynamodb:GetItem', 'read', true],
  ['dynamodb:PutItem', 'dynamodb:PutItem', 'write', true],
  ['dynamodb:ListTables', 'dynamodb:ListTables', 'list', false],
  ['sqs:TagQueue', 'sqs:TagQueue', 'tagging', true],
  ['lambda:AddPermission', 'lambda:AddPermission', 'permissions', true],
  ['xray:PutTraceSegments', 'xray:PutTraceSegments', 'write', false],
])('knows %s', (asked, name, level, hasResources) => {
  expect(findAction(asked)).toEqual({ name, level, hasResources });
});

test.each(['dynamodb:GetItems', 'dynamo:GetItem', 'GetItem', '', 'constructor:x'])('does not know %j', (name) => {
  expect(findAction(name)).toBeUndefined();
  expect(matchingActions(name)).toEqual([]);
});

test('expands the wildcards of an action', () => {
  const names = (pattern: string) => matchingActions(pattern).map(({ name }) => name);
  expect(names('dynamodb:batchget*')).toEqual(['dynamodb:BatchGetItem']);
  expect(names('sqs:?endMessage')).toEqual(['sqs:SendMessage']);
  expect(names('dynamodb:*').length).toBeGreaterThan(50);
  expect(names('*:GetItem')).toEqual(expect.arrayContaining(['dynamodb:GetItem', 'dax:GetItem']));
  expect(names('*').length).toBeGreaterThan(20_000);
});

test('every managed policy is a list of statements, and a day', () => {
  const names = managedPolicyNames();
  expect(names.length).toBeGreaterThan(800);
  for (const name of names) {
    const { document, edited, read } = managedPolicy(name)!;
    const statements = listOf(document.Statement);
    const patterns = statements.flatMap(({ Action, NotAction }) => listOf(Action ?? NotAction));
    expect(patterns.filter((pattern) => !/^(\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+)$/.test(pattern))).toEqual([]);
    expect(statements.every(({ Resource, NotResource }) => listOf(Resource ?? NotResource).length > 0)).toBe(true);
    expect([edited, read].join(' ')).toMatch(/^\d{4}-\d\d-\d\d \d{4}-\d\d-\d\d$/);
  }
});

test('a managed policy is what AWS writes: its actions, resources and conditions', () => {
  expect(managedPolicy('AWSLambdaExecute')?.document.Statement).toEqual([
    { Effect: 'Allow', Action: ['logs:*'], Resource: 'arn:aws:logs:*:*:*' },
    { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: 'arn:aws:s3:::*' },
  ]);
  expect(managedPolicy('PowerUserAccess')?.document.Statement).toMatchObject([
    { NotAction: ['iam:*', 'organizations:*', 'account:*'], Resource: '*' },
    {},
  ]);
  expect(managedPolicy('AmazonSNSFullAccess')?.document.Statement).toMatchObject([
    {},
    { Condition: { StringEquals: { 'aws:CalledViaLast': 'sns.amazonaws.com' } } },
  ]);
  for (const name of ['ReadOnlyAccess', 'SecurityAudit', 'job-function/ViewOnlyAccess', 'AWSLambda_FullAccess']) {
    expect(managedPolicy(name)).toBeDefined();
  }
});

test('tells AWS-managed policies by their ARN', () => {
  const arn = 'arn:aws-cn:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
  expect(managedPolicyName(arn)).toBe('service-role/AWSLambdaBasicExecutionRole');
  expect(managedPolicyName('arn:aws:iam::111111111111:policy/Own')).toBeUndefined();
  expect(managedPolicy('BrandNewAccess')).toBeUndefined();
});
