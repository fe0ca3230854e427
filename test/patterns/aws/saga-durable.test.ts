import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { SqsSendMessage } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { TaskInput } from 'aws-cdk-lib/aws-stepfunctions';
import { Saga, type SagaNode, type SagaProps, type SagaStep, ServiceFunction } from 'lintel/aws';
import { checkSdk } from '../../../lib/aws/saga/durable/sdk';
import 'lintel/testing';

const code = lambda.Code.fromInline('exports.handler = async () => {}');
const handler = { code };
const step = (name: string, props: Partial<SagaStep> = {}): SagaStep => ({
  name,
  action: handler,
  compensation: handler,
  ...props,
});
let stack: Stack;

beforeEach(() => {
  stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Shop');
});

const saga = (steps: readonly SagaNode[], props: Partial<SagaProps> = {}) =>
  new Saga(stack, 'Order', { engine: 'durable-function', steps, ...props });
const template = () => Template.fromStack(stack);

test('creates a durable function with a version and an alias in place of a machine, and all else as there', () => {
  saga([step('charge')]);
  const kinds = Object.values<{ Type: string }>(template().toJSON().Resources).map(({ Type }) => Type);
  const counted = Object.fromEntries(
    [...new Set(kinds)].sort().map((kind) => [kind, kinds.filter((k) => k === kind).length]),
  );
  expect(counted).toEqual({
    'AWS::CloudWatch::Alarm': 9,
    'AWS::DynamoDB::GlobalTable': 1,
    'AWS::Events::Rule': 2,
    'AWS::IAM::Policy': 3,
    'AWS::IAM::Role': 4,
    'AWS::Lambda::Alias': 1,
    'AWS::Lambda::Function': 4,
    'AWS::Lambda::Permission': 2,
    'AWS::Lambda::Version': 1,
    'AWS::Logs::LogGroup': 4,
    'AWS::SQS::Queue': 2,
    'AWS::SQS::QueuePolicy': 2,
  });
});

test('the function is durable for longer than the longest way, remembers names for 90 days, and keeps its versions', () => {
  const { longest } = saga([step('a'), step('b')]);
  const [fn] = Object.values(template().findResources('AWS::Lambda::Function', { Properties: { DurableConfig: {} } }));
  expect(fn!.Properties).toMatchObject({ DurableConfig: { RetentionPeriodInDays: 90 }, Timeout: 60 });
  const { DurableConfig: durable } = fn!.Properties as { DurableConfig: { ExecutionTimeout: number } };
  expect(durable.ExecutionTimeout).toBeGreaterThan(longest.toSeconds() + 600);
  template().hasResource('AWS::Lambda::Version', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  template().hasResourceProperties('AWS::Lambda::Alias', { Name: 'live' });
});

test('the function may call its steps, send to its queue and write of its own executions, and nothing else', () => {
  saga([step('charge')]);
  const own = Object.values(template().findResources('AWS::IAM::Policy')).filter(({ Properties }) =>
    JSON.stringify(Properties.Roles).includes('HandlerRole'),
  );
  const statements = own.flatMap(
    ({ Properties }) =>
      (Properties.PolicyDocument as { Statement: { Action: unknown; Resource: unknown }[] }).Statement,
  );
  const arn = (id: string) => ({ 'Fn::GetAtt': [expect.stringMatching(id), 'Arn'] });
  expect(statements.map(({ Action, Resource }) => [Action, Resource])).toEqual([
    ['sqs:SendMessage', arn('Parked')],
    ['lambda:InvokeFunction', [arn('chargeAction'), arn('chargeCompensation')]],
    [
      ['lambda:CheckpointDurableExecution', 'lambda:GetDurableExecutionState'],
      { 'Fn::Join': ['', [arn('OrderHandler'), ':*']] },
    ],
  ]);
});

test('the keeper is told of each end but the good one, by an event that does not say why, and reads the execution', () => {
  saga([step('a')]);
  const rules = Object.values(template().findResources('AWS::Events::Rule')).map(({ Properties }) => Properties);
  expect(rules.map(({ EventPattern: pattern }) => pattern).filter(Boolean)).toEqual([
    {
      source: ['aws.lambda'],
      'detail-type': ['Durable Execution Status Change'],
      detail: {
        functionArn: [
          { prefix: { 'Fn::Join': ['', [{ 'Fn::GetAtt': [expect.stringMatching('Handler'), 'Arn'] }, ':']] } },
        ],
        status: ['FAILED', 'TIMED_OUT', 'STOPPED'],
      },
    },
  ]);
  template().hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Action: 'lambda:ListDurableExecutionsByFunction',
          Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('Handler'), 'Arn'] },
        }),
        Match.objectLike({ Action: ['lambda:GetDurableExecution', 'lambda:GetDurableExecutionHistory'] }),
      ]),
    },
  });
});

test('start() calls by the alias, and answer() answers to executions of any version', () => {
  const order = saga([step('a')]);
  new ServiceFunction(stack, 'Place', { code, onFailure: 'none', access: { ORDER: order.start() } });
  new ServiceFunction(stack, 'Approve', { code, onFailure: 'none', access: { ORDER: order.answer() } });
  const live = { Ref: Match.stringLikeRegexp('HandlerLive') };
  template().hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: { Statement: [{ Action: 'lambda:InvokeFunction', Effect: 'Allow', Resource: live }] },
  });
  template().hasResourceProperties('AWS::Lambda::Function', { Environment: { Variables: { ORDER: live } } });
  template().hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: [
        Match.objectLike({
          Action: [
            'lambda:SendDurableExecutionCallbackSuccess',
            'lambda:SendDurableExecutionCallbackFailure',
            'lambda:SendDurableExecutionCallbackHeartbeat',
          ],
        }),
      ],
    },
  });
});

test('functions are named once each, and a warm one by its alias', () => {
  const action = new ServiceFunction(stack, 'Charge', { code, warm: 1, onFailure: 'none' });
  saga([
    { name: 'a', action },
    { name: 'b', action },
  ]);
  const [fn] = Object.values(template().findResources('AWS::Lambda::Function', { Properties: { DurableConfig: {} } }));
  const { FUNCTIONS } = (fn!.Properties as { Environment: { Variables: { FUNCTIONS: unknown } } }).Environment
    .Variables;
  expect(JSON.stringify(FUNCTIONS).match(/ChargeLive/g)).toHaveLength(1);
});

test('another engine is another resource: durable is what a function is made as, and never becomes', () => {
  const ids = (engine: SagaProps['engine']) => {
    const other = new Stack(new App({ builtinCloudFormationValidation: false }), 'Shop');
    new Saga(other, 'Order', { engine, steps: [step('a')] });
    const { Resources } = Template.fromStack(other).toJSON() as { Resources: Record<string, { Type: string }> };
    const runs = /StateMachine$|Lambda::(?:Function|Alias)$/;
    const all = Object.entries(Resources).filter(([, { Type }]) => runs.test(Type));
    return all.map(([id]) => id).filter((id) => !/Keeper|Action|Compensation/.test(id));
  };
  const [machine, durable] = [ids('step-functions'), ids('durable-function')];
  expect([machine.length, durable.length]).toEqual([1, 2]);
  expect(machine.filter((id) => durable.includes(id))).toEqual([]);
});

test('refuses to give what the other engine has', () => {
  expect(() => saga([step('a')]).machine).toThrow(
    "'machine' must not be read when the engine is a durable function; read 'handler' (Shop/Order)",
  );
  const other = new Saga(stack, 'Other', { steps: [step('a')] });
  expect(() => other.handler).toThrow(
    "'handler' must not be read when the engine is a state machine; read 'machine' (Shop/Other)",
  );
});

test('refuses to be made without the SDK, and says how to get it', () => {
  expect(() => checkSdk('Shop/Order', '/nowhere/orchestrator.js')).toThrow(
    "'engine' must not be 'durable-function' without the package '@aws/durable-execution-sdk-js'; run 'npm install --save-dev " +
      "--save-exact @aws/durable-execution-sdk-js@2.4.0' (Shop/Order)",
  );
});

test.each<[string, () => readonly SagaNode[], string]>([
  [
    'a task',
    () => {
      const queue = new Queue(stack, 'Jobs');
      const messageBody = TaskInput.fromText('x');
      return [step('a', { action: SqsSendMessage.jsonata(stack, 'Send', { queue, messageBody }) })];
    },
    "'steps.0.action' must be a handler with 'engine' 'durable-function', which runs no Step Functions tasks",
  ],
  [
    'a function of Step Functions',
    () => [step('a', { when: '{% $hash($input.id) = "x" %}' })],
    "'steps.0.when' must not use $hash with 'engine' 'durable-function': only Step Functions has it",
  ],
  [
    'the context of Step Functions',
    () => [{ each: '{% $states.input.lines %}', step: step('a'), maxItems: 2 }],
    "'steps.0.each' must not use $states with 'engine' 'durable-function'",
  ],
  [
    'a list with more operations than an execution has',
    () => [{ each: '{% $input.lines %}', step: step('a'), maxItems: 60 }],
    "'steps.0.maxItems' must take at most 2400 operations of a durable execution, which has 3000; forward, all retries and the " +
      "undo take 3623, got 60; lower it to 39, retry less often, set 'distributed' and 'claimCheck', or start a saga for each " +
      'part of the list (Shop/Order)',
  ],
  [
    'more functions than variables have room for',
    () => Array.from({ length: 26 }, (_, index) => step(`s${index}`, { action: { code }, compensation: { code } })),
    "'steps' must call at most 50 functions with 'engine' 'durable-function', whose variables hold their names, got '52",
  ],
])('refuses %s', (_, steps, message) => {
  expect(() => saga(steps())).toThrow(message);
});

describe('a distributed list', () => {
  const entry = 'test/patterns/aws/saga-large.ts';
  const list = (maxItems: number, more: Partial<SagaStep> = {}): SagaNode[] => [
    {
      each: '{% $input.lines %}',
      maxItems,
      distributed: true,
      step: { name: 'lines', action: entry, compensation: entry, ...more },
    },
  ];
  const large = (steps: readonly SagaNode[], id = 'Large') =>
    new Saga(stack, id, { engine: 'durable-function', claimCheck: true, steps });
  const policies = () =>
    Object.entries(template().findResources('AWS::IAM::Policy')).map(([id, { Properties }]) => [
      id,
      JSON.stringify((Properties as { PolicyDocument: unknown }).PolicyDocument),
    ]);

  test('has a durable function for its parts, which alone calls the handlers of the items', () => {
    large([...list(1000), { name: 'after', action: entry }]);
    template().resourcePropertiesCountIs('AWS::Lambda::Function', { DurableConfig: Match.anyValue() }, 2);
    const invoking = policies().filter(([, text]) => text!.includes('lambda:InvokeFunction'));
    const called = Object.fromEntries(
      invoking.map(([id, text]) => [
        /Parts/.test(id!) ? 'parts' : 'handler',
        ['linesAction', 'linesCompensation', 'afterAction', 'ListsParts'].filter((name) => text!.includes(name)),
      ]),
    );
    expect(called).toEqual({ parts: ['linesAction', 'linesCompensation'], handler: ['afterAction', 'ListsParts'] });
    const answers = policies().filter(([, text]) => text!.includes('CallbackSuccess'));
    expect(answers).toHaveLength(1);
    expect(answers[0]![1]).toContain('LargeHandler');
  });

  test('a saga that goes on has its parts done by the version it was deployed with, which cuts and numbers items as it does', () => {
    large(list(1000));
    const version = { Ref: Match.stringLikeRegexp('^LargeListsPartsCurrentVersion') };
    template().hasResourceProperties('AWS::Lambda::Function', { Environment: { Variables: { PARTS: version } } });
    // One that waits for hours would begin after its undo.
    template().hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      Qualifier: { 'Fn::GetAtt': [Match.stringLikeRegexp('^LargeListsPartsCurrentVersion'), 'Version'] },
      MaximumEventAgeInSeconds: 60,
    });
    template().allResources('AWS::Lambda::Version', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    const [, text] = policies().find(
      ([, policy]) => policy!.includes('"lambda:InvokeFunction"') && policy!.includes('ListsParts'),
    )!;
    expect(text).toMatch(/LargeListsParts\w+","Arn"\]\},":\*"/);
  });

  test('may be as long as its parts have room in an execution: some ten thousand items, more with fewer retries', () => {
    expect(() => large(list(100_000))).toThrow(
      "'steps.0.maxItems' must take at most 2400 operations of a durable execution, which has 3000; forward, all retries and the " +
        "undo take 22067, got 100000; lower it to 10738, retry less often, choose the engine 'step-functions', which has more room",
    );
    expect(() => large(list(10_738), 'Longest')).not.toThrow();
    expect(
      () => new Saga(stack, 'More', { engine: 'durable-function', claimCheck: true, steps: list(10_739) }),
    ).toThrow();
  });

  test('parts end before anybody goes on without their answer', () => {
    large(list(1000));
    const timeouts = Object.values(template().findResources('AWS::Lambda::Function')).flatMap(
      ({ Properties }) =>
        (Properties as { DurableConfig?: { ExecutionTimeout: number } }).DurableConfig?.ExecutionTimeout ?? [],
    );
    // 59 items, 10 at once: 6 times 10 attempts of 40 seconds with their pauses; and two minutes.
    expect(Math.min(...timeouts)).toBe(6 * (400 + 810) + 120);
  });
});

test('the longest list that is named goes', () => {
  const list = (maxItems: number) => [{ each: '{% $input.lines %}', step: step('a'), maxItems }];
  expect(() => saga(list(39))).not.toThrow();
  expect(() => new Saga(stack, 'More', { engine: 'durable-function', steps: list(40) })).toThrow('lower it to 39');
});
