import jsonata from 'jsonata';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { DynamoAttributeValue, DynamoPutItem } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Saga, type SagaNode, type SagaProps, type SagaStep, ServiceFunction } from 'lintel/aws';
import { judge, readAssembly, RULES } from 'lintel/rules';
import { allStates, readDefinition } from '../../../lib/core/asl/definition';
import { expressionsOf } from '../../../lib/core/asl/expressions';
import { readJsonata } from '../../../lib/core/asl/jsonata';
import { listIn } from '../../../lib/aws/saga/expressions';
import { definitionOf } from './saga-definition';
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
  new Saga(stack, 'Order', { steps, ...props });
const states = () => definitionOf(stack).States;
const template = () => Template.fromStack(stack);

test('creates a machine with a role and a log, a function for each handler, the queue of the parked, and what keeps watch', () => {
  saga([step('charge')]);
  const kinds = Object.values<{ Type: string }>(template().toJSON().Resources).map(({ Type }) => Type);
  const counted = Object.fromEntries(
    [...new Set(kinds)].sort().map((kind) => [kind, kinds.filter((k) => k === kind).length]),
  );
  expect(counted).toEqual({
    'AWS::CloudWatch::Alarm': 7,
    'AWS::DynamoDB::GlobalTable': 1,
    'AWS::Events::Rule': 2,
    'AWS::IAM::Policy': 1,
    'AWS::IAM::Role': 4,
    'AWS::Lambda::Function': 3,
    'AWS::Lambda::Permission': 2,
    'AWS::Logs::LogGroup': 4,
    'AWS::SQS::Queue': 2,
    'AWS::SQS::QueuePolicy': 2,
    'AWS::StepFunctions::StateMachine': 1,
  });
});

test.each(['$input.lines', '$input.`it\'s "so" \\\\`', '$input.orders[0].lines', '$input.lines[]'])(
  'the list %s is an error where it is missing, and may be empty',
  async (path) => {
    const source = listIn(`{% ${path} %}`).slice(2, -2);
    const read = (input: object) => jsonata(`[${source}]`).evaluate(undefined, { input }) as Promise<unknown>;
    await expect(read({ orders: [{}] })).rejects.toMatchObject({ message: `there is no ${path}` });
    expect(await read({ lines: [], orders: [{ lines: [] }], 'it\'s "so" \\\\': [] })).toEqual([]);
  },
);

test('the undo of a list reads the list that the saga was left with, and fails where there is none', async () => {
  saga([{ each: '{% $input.lines %}', step: step('lines'), maxItems: 10 }]);
  const { Items } = states()['Undo lines'] as unknown as { Items: string };
  const read = (items: object) =>
    jsonata(Items.slice(2, -2)).evaluate(undefined, { items, outcomes: { lines: 'unknown' } }) as Promise<unknown>;
  expect(JSON.parse(JSON.stringify(await read({ lines: [7] })))).toEqual([{ item: 7, index: 0 }]);
  for (const items of [{}, { lines: { 'lintel:claim': 'lines/A1/list', count: 1 } }])
    await expect(read(items)).rejects.toMatchObject({ message: 'the list is not in what the saga was left with' });
});

test('makes the template that was reviewed', () => {
  saga([step('reserve'), step('charge')]);
  expect(stack).toMatchTemplateSnapshot();
});

test('the machine is Standard, in JSONata, traced, and logs everything but the payloads', () => {
  saga([step('charge')]);
  template().hasResourceProperties('AWS::StepFunctions::StateMachine', {
    StateMachineType: 'STANDARD',
    TracingConfiguration: { Enabled: true },
    LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false },
  });
  expect(definitionOf(stack)).toMatchObject({ QueryLanguage: 'JSONata' });
});

test('the machine may call its functions, send to its queue, log and trace, and nothing else', () => {
  saga([step('charge')]);
  const [role] = Object.values(
    template().findResources('AWS::IAM::Role', {
      Properties: {
        AssumeRolePolicyDocument: Match.objectLike({
          Statement: [Match.objectLike({ Principal: { Service: 'states.amazonaws.com' } })],
        }),
      },
    }),
  );
  const statements = (role!.Properties.Policies as { PolicyDocument: { Statement: object[] } }[]).flatMap(
    ({ PolicyDocument }) => PolicyDocument.Statement,
  );
  const arn = (id: string) => ({ 'Fn::GetAtt': [expect.stringMatching(id), 'Arn'] });
  expect(statements).toEqual([
    { Action: 'lambda:InvokeFunction', Effect: 'Allow', Resource: [arn('chargeAction'), arn('chargeCompensation')] },
    { Action: 'sqs:SendMessage', Effect: 'Allow', Resource: arn('Parked') },
    { Action: expect.arrayContaining(['logs:CreateLogDelivery']), Effect: 'Allow', Resource: '*' },
    { Action: expect.arrayContaining(['xray:PutTraceSegments']), Effect: 'Allow', Resource: '*' },
  ]);
});

describe('the definition', () => {
  const everything: readonly SagaNode[] = [
    step('reserve'),
    { parallel: [step('charge', { when: '{% $input.total > 0 %}' }), step('mail', { compensation: undefined })] },
    { each: '{% $input.lines %}', step: step('lines'), maxItems: 10 },
    step('approve', { waitFor: 'callback', timeout: Duration.days(2), heartbeat: Duration.hours(1) }),
    step('gift', { when: '{% $input.gift %}' }),
  ];

  test.each([[undefined], [Duration.minutes(2)]])('reads only what there is, with a timeout of %s', (timeout) => {
    saga(everything, { timeout });
    const known = [
      'states',
      'input',
      'results',
      'outcomes',
      'failed',
      'key',
      'items',
      ...(timeout ? ['deadline'] : []),
    ];
    for (const state of allStates(readDefinition(definitionOf(stack)))) {
      for (const { source } of expressionsOf(state)) {
        const reading = readJsonata(source);
        expect(reading).not.toHaveProperty('fault');
        if ('fault' in reading) continue;
        expect(reading.variables.map(({ name }) => name).filter((name) => !known.includes(name))).toEqual([]);
        expect({ ...reading, variables: [], bound: [], functions: [] }).toMatchObject({
          topLevel: [],
          root: [],
          newer: [],
        });
      }
    }
  });

  test('has each state once, and every state leads on', () => {
    saga(everything, { timeout: Duration.minutes(2) });
    const machine = readDefinition(definitionOf(stack));
    const names = allStates(machine).map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
    for (const { transitions } of machine.states.values()) {
      for (const { to } of transitions) expect([...machine.states.keys()]).toContain(to);
    }
  });

  test('every call and every group catches all there is to catch, and nothing but the end of the saga fails', () => {
    saga(everything);
    const calling = allStates(readDefinition(definitionOf(stack))).filter(({ type }) =>
      ['Task', 'Parallel', 'Map'].includes(type),
    );
    expect(calling.map(({ name, catchers }) => [name, catchers.map(({ errors }) => errors)])).toEqual(
      calling.map(({ name }) => [name, [['States.DataLimitExceeded'], ['States.ALL']]]),
    );
    const failing = allStates(readDefinition(definitionOf(stack))).filter(({ type }) => type === 'Fail');
    expect(failing.map(({ body }) => body.Error)).toEqual(['SagaUndone', 'SagaParked', 'SagaNotParked']);
  });

  test('every task has a timeout, and all that undoes or parks is tried again for whatever goes wrong', () => {
    saga(everything);
    const tasks = allStates(readDefinition(definitionOf(stack))).filter(({ type }) => type === 'Task');
    expect(tasks.filter(({ body }) => typeof body.TimeoutSeconds !== 'number')).toEqual([]);
    const undoing = tasks.filter(({ name }) => name.startsWith('Undo ') || name === 'Saga parks');
    expect(undoing).toHaveLength(6);
    expect(undoing.map(({ retriers }) => retriers.map(({ errors }) => errors))).toEqual(
      undoing.map(() => [['States.ALL']]),
    );
  });

  test.each([[undefined], [Duration.minutes(2)]])('keeps our own rules, with a timeout of %s', (timeout) => {
    saga(everything, { timeout });
    const { findings, unknown, failures } = judge(readAssembly((stack.node.root as App).synth().directory), {
      rules: RULES,
    });
    expect({ findings, unknown, failures }).toEqual({ findings: [], unknown: [], failures: [] });
  });

  test('undoes in reverse, each where it was done or may have been', () => {
    saga([step('a'), { parallel: [step('b'), step('c')] }, step('d', { compensation: undefined }), step('e')]);
    const written = states();
    const order: string[] = [];
    for (let at = written['Saga settles']!.Next as string; at !== 'Saga undone';) {
      const gate = written[at]! as unknown as { Choices: [{ Next: string }]; Default: string };
      const undo = gate.Choices[0].Next;
      order.push(undo);
      expect(written[undo]).toMatchObject({ Next: gate.Default });
      at = gate.Default;
    }
    expect(order).toEqual(['Undo e', 'Undo c', 'Undo b', 'Undo a']);
    expect(JSON.stringify(written['Undo a?'])).toContain("['completed', 'unknown']");
  });

  test('undoes what refused as well, where asked', () => {
    saga([step('a')], { undoFailed: true });
    expect(JSON.stringify(states()['Undo a?'])).toContain("['completed', 'unknown', 'refused']");
  });

  test('an action is retried for what Lambda does now and then, a compensation for everything', () => {
    saga([step('a')]);
    expect(states().a).toMatchObject({
      Retry: [
        {
          ErrorEquals: [
            'Lambda.TooManyRequestsException',
            'Lambda.ServiceException',
            'Lambda.AWSLambdaException',
            'Lambda.SdkClientException',
          ],
          IntervalSeconds: 2,
          MaxAttempts: 4,
          BackoffRate: 2,
          MaxDelaySeconds: 60,
          JitterStrategy: 'FULL',
        },
      ],
    });
    expect(states()['Undo a']).toMatchObject({ Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 9 }] });
  });

  test('an action is retried for what is said, and for nothing else', () => {
    saga([
      step('a', { retry: { errors: ['Busy'], maxAttempts: 3, interval: Duration.seconds(5) } }),
      step('b', { retry: { maxAttempts: 1 } }),
    ]);
    expect(states().a).toMatchObject({ Retry: [{ ErrorEquals: ['Busy'], MaxAttempts: 2, IntervalSeconds: 5 }] });
    expect(states().b).not.toHaveProperty('Retry');
  });

  test('an attempt may take as long as its function, and a step that waits for an answer as long as it says', () => {
    saga([
      step('a', { action: { code, timeout: Duration.seconds(20) } }),
      step('b', { timeout: Duration.days(2), waitFor: 'callback', heartbeat: Duration.hours(1) }),
    ]);
    expect(states().a).toMatchObject({ TimeoutSeconds: 50 });
    expect(states().b).toMatchObject({
      Resource: 'arn:OPEN:states:::lambda:invoke.waitForTaskToken',
      TimeoutSeconds: 172_800,
      HeartbeatSeconds: 3600,
      Arguments: { Payload: { taskToken: '{% $states.context.Task.Token %}' } },
    });
  });

  test('with a timeout, no step begins after it, and none takes longer than what is left', () => {
    saga([step('a'), step('b')], { timeout: Duration.seconds(60) });
    expect(states().a).toMatchObject({ TimeoutSeconds: expect.stringContaining('$deadline'), Next: 'b in time?' });
    expect(states()['b in time?']).toMatchObject({ Choices: [{ Next: 'Saga settles' }], Default: 'b' });
  });

  test('a timeout that the steps cannot reach costs no state', () => {
    saga([step('a'), step('b')], { timeout: Duration.days(1) });
    expect(states().a).toMatchObject({ TimeoutSeconds: 40, Next: 'b' });
  });

  test('the service’s timeout comes after the longest way, with all retries, the undo and the message', () => {
    const { longest } = saga([step('a'), step('b')]);
    const { TimeoutSeconds, Comment } = definitionOf(stack);
    // Forward: two of five attempts of 40 seconds, with pauses of 2, 4, 8 and 16. Undo: a wait of 10, and two of ten attempts
    // of 40 seconds, with pauses of 2 to 256 and one of 300. Message: 18 attempts of 30 seconds and their pauses.
    expect(longest.toSeconds()).toBe(2 * 230 + 10 + 2 * (400 + 810) + 18 * 30 + 510 + 9 * 300);
    expect(Comment).toBe(`Ends within ${longest.toSeconds()} seconds: 460 to do, 2430 to undo, 3750 to park`);
    expect(TimeoutSeconds).toBeGreaterThan(longest.toSeconds() + 600);
  });
});

test('a step may be a task of Step Functions, with the permission it needs and nothing more', () => {
  const table = new dynamodb.Table(stack, 'Table', {
    partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },
  });
  const item = { id: DynamoAttributeValue.fromString('{% $key %}') };
  saga([step('note', { action: DynamoPutItem.jsonata(stack, 'Put', { table, item }), compensation: undefined })]);
  expect(states().note).toMatchObject({
    Resource: 'arn:OPEN:states:::dynamodb:putItem',
    Arguments: { Item: { id: { S: '{% $key %}' } }, TableName: 'OPEN' },
  });
  template().hasResourceProperties('AWS::IAM::Role', {
    Policies: Match.arrayWith([
      {
        PolicyName: 'Tasks',
        PolicyDocument: Match.objectLike({ Statement: [Match.objectLike({ Action: 'dynamodb:PutItem' })] }),
      },
    ]),
  });
});

test('a function that the team has is called by its warm alias', () => {
  const action = new ServiceFunction(stack, 'Charge', { code, warm: 1 });
  saga([{ name: 'charge', action }]);
  template().hasResourceProperties('AWS::IAM::Role', {
    Policies: Match.arrayWith([
      {
        PolicyName: 'Functions',
        PolicyDocument: Match.objectLike({
          Statement: [Match.objectLike({ Resource: { Ref: Match.stringLikeRegexp('ChargeLive') } })],
        }),
      },
    ]),
  });
});

describe('what ended otherwise', () => {
  test('is told to the keeper by a rule, whose events may be lost, and found by a look each hour', () => {
    saga([step('a')]);
    const rules = Object.values(template().findResources('AWS::Events::Rule')).map(({ Properties }) => Properties);
    expect(rules.map(({ EventPattern: pattern }) => pattern).filter(Boolean)).toEqual([
      {
        source: ['aws.states'],
        'detail-type': ['Step Functions Execution Status Change'],
        detail: {
          stateMachineArn: [{ Ref: expect.stringMatching('Machine') }],
          status: ['FAILED', 'TIMED_OUT', 'ABORTED'],
          error: [{ 'anything-but': ['SagaUndone', 'SagaParked'] }, null, { exists: false }],
        },
      },
    ]);
    template().hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(1 hour)',
      Targets: [Match.objectLike({ Input: '{"sweep":{"hours":3}}' })],
    });
  });

  test('the keeper may list and read the executions of this machine, tell, and remember what it told', () => {
    saga([step('a')]);
    template().hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Action: 'states:ListExecutions', Resource: { Ref: Match.stringLikeRegexp('Machine') } }),
          Match.objectLike({ Action: ['states:DescribeExecution', 'states:GetExecutionHistory'] }),
        ]),
      },
    });
  });

  test('raises an alarm, with an action where there is a topic', () => {
    saga([step('a')], { alarmTopic: new Topic(stack, 'Pages') });
    template().allResourcesProperties('AWS::CloudWatch::Alarm', {
      AlarmActions: [{ Ref: Match.stringLikeRegexp('Pages') }],
    });
    template().hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [Match.stringLikeRegexp('Parked'), 'QueueName'] } }],
      Threshold: 0,
    });
  });
});

test('start() and answer() allow just that', () => {
  const order = saga([step('a')]);
  new ServiceFunction(stack, 'Place', { code, onFailure: 'none', access: { ORDER: order.start() } });
  new ServiceFunction(stack, 'Approve', { code, onFailure: 'none', access: { ORDER: order.answer() } });
  const machine = { Ref: Match.stringLikeRegexp('Machine') };
  for (const Action of [
    'states:StartExecution',
    ['states:SendTaskSuccess', 'states:SendTaskFailure', 'states:SendTaskHeartbeat'],
  ]) {
    template().hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: [{ Action, Effect: 'Allow', Resource: machine }] },
    });
  }
});

test('the picture shows what is done, what is undone, and where it ends', () => {
  const { picture } = saga([
    step('reserve'),
    { parallel: [step('charge'), step('mail', { compensation: undefined })] },
    step('ship'),
  ]);
  expect(picture).toMatchSnapshot();
});

test('a saga without compensations has no states that nothing leads to, which AWS refuses', () => {
  saga([{ name: 'a', action: handler }]);
  expect(Object.keys(states())).toEqual(['Saga begins', 'a', 'Saga done', 'Saga settles', 'Saga undone']);
});

describe('with claimCheck', () => {
  const entry = 'test/patterns/aws/saga-large.ts';
  const work = (name: string, props: Partial<SagaStep> = {}): SagaStep => ({
    name,
    action: entry,
    compensation: entry,
    ...props,
  });
  /** What functions may do with the bucket, by the beginnings of keys. */
  const rights = () =>
    Object.fromEntries(
      Object.entries(template().findResources('AWS::IAM::Policy')).flatMap(([id, { Properties }]) => {
        const { Statement } = Properties.PolicyDocument as { Statement: { Action: unknown; Resource: unknown }[] };
        const own = Statement.filter(({ Action }) => JSON.stringify(Action).includes('s3:')).map(
          ({ Action, Resource }) => [
            [Action].flat()[0],
            [Resource].flat().map((arn) => /"\/([^"]+)"\]\]/.exec(JSON.stringify(arn))?.[1]),
          ],
        );
        return own.length === 0 ? [] : [[id.replace(/^Order(?:Steps)?|RoleDefaultPolicy\w+$/g, ''), own]];
      }),
    );

  test('each function puts under its own step only, and reads what may come before it', () => {
    const order = saga([work('ask', { waitFor: 'callback', timeout: Duration.hours(1) }), work('charge')], {
      claimCheck: true,
    });
    new ServiceFunction(stack, 'Place', {
      code,
      onFailure: 'none',
      access: { ORDER: order.start().and(order.answer()) },
    });
    expect(rights()).toEqual({
      askAction: [
        ['s3:GetObject', ['_input/*']],
        ['s3:PutObject', ['ask/*']],
      ],
      askCompensation: [['s3:GetObject', ['*']]],
      chargeAction: [
        ['s3:GetObject', ['_input/*', '_answers/*', 'ask/*']],
        ['s3:PutObject', ['charge/*']],
      ],
      chargeCompensation: [['s3:GetObject', ['*']]],
      Keeper: [['s3:PutObject', ['_parked/*']]],
      Place: [
        ['s3:PutObject', ['_input/*']],
        ['s3:PutObject', ['_answers/*']],
      ],
    });
    template().hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { SAGA_CLAIMS_STEP: 'charge', SAGA_CLAIMS_BYTES: '51200' } },
    });
  });

  test('a handler reads what a distributed list of tasks has left, too, and nothing of other tasks', () => {
    const partitionKey = { name: 'id', type: dynamodb.AttributeType.STRING };
    const table = new dynamodb.Table(stack, 'Table', { partitionKey });
    const item = { id: DynamoAttributeValue.fromString('{% $key %}') };
    const put = (name: string) => ({ name, action: DynamoPutItem.jsonata(stack, name, { table, item }) });
    const list = { each: '{% $input.lines %}', maxItems: 1000, distributed: true, step: put('lines') };
    saga([put('note'), list, work('charge')], { claimCheck: true });
    expect(rights().chargeAction).toEqual([
      ['s3:GetObject', ['_input/*', 'lines/*']],
      ['s3:PutObject', ['charge/*']],
    ]);
  });

  test('the bucket is private, and keeps what a saga may need for longer than it and its message last', () => {
    const { longest } = saga([work('a', { waitFor: 'callback', timeout: Duration.days(30) })], { claimCheck: true });
    const days = Math.ceil((2 * (longest.toSeconds() * 1.1 + 600)) / 86_400) + 14 + 90;
    template().hasResourceProperties('AWS::S3::Bucket', {
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
      BucketEncryption: Match.anyValue(),
      LifecycleConfiguration: {
        Rules: Match.arrayWith([Match.objectLike({ ExpirationInDays: days })]),
      },
    });
  });

  test('a bucket of the team is taken as it is', () => {
    const bucket = new Bucket(stack, 'Payloads');
    expect(saga([work('a')], { claimCheck: bucket }).claims).toBe(bucket);
    template().resourceCountIs('AWS::S3::Bucket', 1);
  });

  test('expressions of conditions, lists and tasks fail on what is in the bucket, in place of finding nothing', () => {
    const table = new dynamodb.Table(stack, 'Table', {
      partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },
    });
    const item = {
      id: DynamoAttributeValue.fromString('{% $results.a.id %}'),
      plain: DynamoAttributeValue.fromString('x'),
    };
    const put = DynamoPutItem.jsonata(stack, 'Put', { table, item });
    saga([work('a'), work('b', { when: '{% $input.total > 0 %}' }), { name: 'c', action: put }], { claimCheck: true });
    const text = JSON.stringify(definitionOf(stack));
    expect(text).toContain('$exists($input.`lintel:claim`) ? $error(');
    expect(text).toContain(
      '$exists($results.`a`.result.`lintel:claim`) or $exists($results.`a`.`lintel:results`) ? $error(',
    );
    expect(text).toContain('"S":"x"');
  });
});

test('a distributed list takes a few events of the history, whatever its length, and its role what the map needs', () => {
  const entry = 'test/patterns/aws/saga-large.ts';
  const lines = { name: 'lines', action: entry, compensation: entry };
  saga([{ each: '{% $input.lines %}', maxItems: 10_000, distributed: true, step: lines }], {
    claimCheck: true,
    timeout: Duration.hours(1),
  });
  const written = states();
  expect(written['lines for each']).toMatchObject({ ToleratedFailurePercentage: 100 });
  expect(written['Undo lines']).toMatchObject({ ToleratedFailurePercentage: 100 });
  const inner = JSON.stringify((written['lines for each'] as { ItemProcessor?: unknown }).ItemProcessor);
  expect(inner.match(/\$(?:key|input|results|deadline)\b/g)).toBeNull();
  expect(written['lines for each']).not.toHaveProperty('Items');
  for (const [state, reversed] of [
    ['lines for each', ''],
    ['Undo lines', " & '-reversed'"],
  ] as const) {
    expect(written[state]).toMatchObject({
      ItemReader: {
        Resource: 'arn:OPEN:states:::s3:getObject',
        ReaderConfig: { InputType: 'JSON' },
        Arguments: { Bucket: 'OPEN', Key: `{% $lookup($items, 'lines').\`lintel:claim\`${reversed} %}` },
      },
    });
  }
  const policies = JSON.stringify(template().findResources('AWS::IAM::Policy'));
  expect(policies).toContain('states:StartExecution');
});
