import { App, Aws, NestedStack, Stack, Stage, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as apigateway from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Provider } from 'aws-cdk-lib/custom-resources';
import type { Construct } from 'constructs';
import { ConcurrencyBudget } from 'lintel/aws';

const env = { account: '111122223333', region: 'eu-west-1' };
let app: App;

beforeEach(() => {
  app = new App({ builtinCloudFormationValidation: false });
});

function fn(scope: Construct, id: string, reservedConcurrentExecutions?: number): lambda.Function {
  const code = lambda.Code.fromInline('exports.handler = async () => {}');
  const runtime = lambda.Runtime.NODEJS_24_X;
  return new lambda.Function(scope, id, { runtime, handler: 'index.handler', code, reservedConcurrentExecutions });
}

const reservations = (stack: Stack) =>
  Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function')).map(
    ({ Properties }) => Properties.ReservedConcurrentExecutions,
  );

test('refuses what exceeds the limit less 100, over all stacks, stages and nested stacks of an environment', () => {
  ConcurrencyBudget.of(app, { accountLimit: 1000 });
  fn(new Stack(app, 'Shop', { env }), 'Api', 500);
  fn(new NestedStack(new Stack(new Stage(app, 'Prod'), 'Jobs', { env }), 'Inner'), 'Reports', 401);
  expect(() => app.synth()).toThrow(
    "'accountLimit' must leave 100 executions unreserved besides the 901 already held (Shop/Api 500, Prod/Jobs/Inner/Reports 401), got 1000; " +
      'reserve at most 900 in 111122223333/eu-west-1 in total, or have the limit raised and declare it (111122223333/eu-west-1)',
  );
});

test('accepts exactly the limit less 100', () => {
  ConcurrencyBudget.of(app, { accountLimit: 1000 });
  fn(new Stack(app, 'Shop', { env }), 'Api', 900);
  expect(() => app.synth()).not.toThrow();
});

test('counts each account and region by itself', () => {
  ConcurrencyBudget.of(app, { accountLimit: { '111122223333/eu-west-1': 300, '111122223333/us-east-1': 1000 } });
  fn(new Stack(app, 'Europe', { env }), 'Api', 200);
  fn(new Stack(app, 'America', { env: { ...env, region: 'us-east-1' } }), 'Api', 900);
  fn(new Stack(app, 'Undeclared', { env: { ...env, region: 'sa-east-1' } }), 'Api', 5000);
  expect(() => app.synth()).not.toThrow();
});

test('adds up stacks without an environment within their stage only', () => {
  ConcurrencyBudget.of(app, { accountLimit: 1000 });
  fn(new Stack(new Stage(app, 'Test'), 'Shop'), 'Api', 600);
  const prod = new Stage(app, 'Prod');
  fn(new Stack(prod, 'Shop'), 'Api', 600);
  fn(new Stack(prod, 'Jobs'), 'Api', 301);
  expect(() => app.synth()).toThrow('besides the 901 already held (Prod/Shop/Api 600, Prod/Jobs/Api 301)');
});

test('counts what is provisioned without a reservation', () => {
  ConcurrencyBudget.of(app, { accountLimit: 150 });
  const warm = fn(new Stack(app, 'Shop', { env }), 'Api');
  new lambda.Alias(warm, 'Live', {
    aliasName: 'live',
    version: warm.currentVersion,
    provisionedConcurrentExecutions: 60,
  });
  expect(() => app.synth()).toThrow('besides the 60 already held (Shop/Api 60)');
});

test('assumes nothing of a limit that is not declared', () => {
  ConcurrencyBudget.of(app);
  fn(new Stack(app, 'Shop', { env }), 'Api', 50_000);
  expect(() => app.synth()).not.toThrow();
});

test('refuses more provisioned than reserved, and queues that may start more than is reserved, both at once', () => {
  ConcurrencyBudget.of(app);
  const stack = new Stack(app, 'Shop');
  const worker = fn(stack, 'Worker', 10);
  new lambda.Alias(stack, 'Live', {
    aliasName: 'live',
    version: worker.currentVersion,
    provisionedConcurrentExecutions: 11,
  });
  for (const id of ['A', 'B']) worker.addEventSource(new SqsEventSource(new Queue(stack, id), { maxConcurrency: 6 }));
  const synth = () => app.synth();
  expect(synth).toThrow("'warm' must be at most the reserved concurrency (10), got 11");
  expect(synth).toThrow(
    "'maxConcurrency' of all queues of the function must be at most its reserved concurrency (10), got 12; raise the reservation, or lower 'maxConcurrency' (Shop/Worker)",
  );
});

test('finds the function behind an alias that a queue calls', () => {
  ConcurrencyBudget.of(app);
  const stack = new Stack(app, 'Shop');
  const worker = fn(stack, 'Worker', 2);
  const live = new lambda.Alias(stack, 'Live', { aliasName: 'live', version: worker.currentVersion });
  live.addEventSource(new SqsEventSource(new Queue(stack, 'Jobs'), { maxConcurrency: 3 }));
  expect(() => app.synth()).toThrow('must be at most its reserved concurrency (2), got 3');
});

test('takes an unresolved reservation as it is', () => {
  ConcurrencyBudget.of(app, { accountLimit: 100 });
  fn(new Stack(app, 'Shop'), 'Api', Token.asNumber({ 'Fn::Sub': Aws.ACCOUNT_ID }));
  expect(() => app.synth()).not.toThrow();
});

test.each([9, 10.5, -1])('refuses a limit of %p', (accountLimit) => {
  expect(() => ConcurrencyBudget.of(app, { accountLimit })).toThrow(
    `'accountLimit' must be a whole number, at least 10, got ${accountLimit}; give the account's concurrent executions in the region, as Lambda's console shows them (App)`,
  );
});

test('refuses a second budget for one app', () => {
  ConcurrencyBudget.of(app);
  expect(() => ConcurrencyBudget.of(new Stack(app, 'Shop'))).toThrow('must be declared only once per app');
});

test('caps the background functions of a scope, and nothing else', () => {
  const stack = new Stack(app, 'Shop');
  const other = new Stack(app, 'Other');
  fn(stack, 'Reports');
  fn(stack, 'Own', 3);
  fn(other, 'Elsewhere');
  const api = new apigateway.HttpApi(stack, 'Http');
  api.addRoutes({ path: '/x', integration: new HttpLambdaIntegration('X', fn(stack, 'Behind')) });
  fn(stack, 'Url').addFunctionUrl();
  new Provider(stack, 'Provider', { onEventHandler: fn(stack, 'OnEvent') });
  ConcurrencyBudget.of(app).cap(stack, 10);
  expect(reservations(stack).sort()).toEqual([10, 10, 3, undefined, undefined, undefined]);
  expect(reservations(other)).toEqual([undefined]);
});

test.each([-1, 1.5])('refuses a cap of %p', (executions) => {
  expect(() => ConcurrencyBudget.of(app).cap(app, executions)).toThrow("'cap' must be a whole number, at least 0");
});

test('counts what a cap reserves', () => {
  const stack = new Stack(app, 'Shop');
  for (const id of ['A', 'B', 'C']) fn(stack, id);
  ConcurrencyBudget.of(app, { accountLimit: 120 }).cap(stack, 10);
  expect(() => app.synth()).toThrow('besides the 30 already held');
});

test('says who holds what, the greatest first', () => {
  const budget = ConcurrencyBudget.of(app, { accountLimit: 1000 });
  const stack = new Stack(app, 'Shop', { env });
  fn(stack, 'Nothing');
  fn(stack, 'Small', 5);
  fn(stack, 'Large', 50);
  app.synth();
  expect(budget.shares()).toEqual([
    { function: 'Shop/Large', place: '111122223333/eu-west-1', reserved: 50, provisioned: 0, mapped: 0 },
    { function: 'Shop/Small', place: '111122223333/eu-west-1', reserved: 5, provisioned: 0, mapped: 0 },
  ]);
});

test('declares the limit to the rules, in the metadata of each function', () => {
  ConcurrencyBudget.of(app, { accountLimit: 3000 });
  const stack = new Stack(app, 'Shop');
  fn(stack, 'Api');
  Template.fromStack(stack).hasResource('AWS::Lambda::Function', { Metadata: { 'lintel:accountConcurrency': 3000 } });
});
