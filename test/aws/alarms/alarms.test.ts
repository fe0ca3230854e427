import { App, Duration, Stack, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Key } from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Effect, PolicyStatement, StarPrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic, TopicPolicy } from 'aws-cdk-lib/aws-sns';
import { Alarms } from '../../../lib/aws/alarms/alarms';
import { EntityTable } from '../../../lib/aws/entity-table';
import { ServiceFunction, type ServiceFunctionProps } from '../../../lib/aws/service-function';
import { WorkQueue } from '../../../lib/aws/work-queue';

interface AlarmProperties {
  readonly Threshold: number;
  readonly ComparisonOperator: string;
  readonly TreatMissingData: string;
  readonly EvaluationPeriods: number;
  readonly AlarmActions?: unknown[];
  readonly MetricName?: string;
  readonly Dimensions?: unknown[];
  readonly Metrics?: { MetricStat?: { Metric: { MetricName: string; Dimensions?: unknown[] } }; Expression?: string }[];
}

let stack: Stack;

beforeEach(() => {
  stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Shop');
});

function fn(props: Partial<ServiceFunctionProps> = {}): ServiceFunction {
  const code = lambda.Code.fromInline('exports.handler = () => {}');
  return new ServiceFunction(stack, 'F', { code, onFailure: 'none', ...props });
}

const KINDS = [
  'ErrorRate',
  'Throttles',
  'Duration',
  'Concurrency',
  'IteratorAge',
  'DeadLetters',
  'SystemErrors',
  'ServerErrorRate',
  'Latency',
] as const;
const KIND = new RegExp(`(${KINDS.join('|')})[0-9A-F]{8}$`);

/** The alarms of the stack by the last word of their id: `Throttles`. */
function alarms(): Record<(typeof KINDS)[number], AlarmProperties> {
  const found = Object.entries(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'));
  return Object.fromEntries(
    found.map(([id, { Properties }]) => [KIND.exec(id)![1], Properties as AlarmProperties]),
  ) as Record<(typeof KINDS)[number], AlarmProperties>;
}

/** Every metric that an alarm looks at, with its dimensions. */
function metricsOf(alarm: AlarmProperties): [name: string, dimensions: unknown][] {
  if (alarm.MetricName) return [[alarm.MetricName, alarm.Dimensions]];
  return alarm.Metrics!.flatMap(({ MetricStat }) =>
    MetricStat ? [[MetricStat.Metric.MetricName, MetricStat.Metric.Dimensions] as [string, unknown]] : [],
  );
}

test('watches a function for errors, throttles and slowness', () => {
  const watched = fn({ timeout: Duration.seconds(20) });
  expect(new Alarms(stack, 'Alarms').function(watched)).toHaveLength(3);
  const { ErrorRate: errors, Throttles: throttles, Duration: duration, ...others } = alarms();
  expect(others).toEqual({});
  expect([errors.Threshold, throttles.Threshold, duration.Threshold]).toEqual([1, 0, 16_000]);
  expect(errors.Metrics?.find(({ Expression }) => Expression)?.Expression).toBe('100 * errors / invocations');
  const dimensions = [
    { Name: 'FunctionName', Value: { Ref: stack.getLogicalId(watched.node.defaultChild as lambda.CfnFunction) } },
  ];
  expect([errors, throttles, duration].flatMap(metricsOf)).toEqual([
    ['Errors', dimensions],
    ['Invocations', dimensions],
    ['Throttles', dimensions],
    ['Duration', dimensions],
  ]);
});

test('watches a reservation where there is one', () => {
  new Alarms(stack, 'Alarms').function(fn({ reservedConcurrency: 10 }));
  expect(alarms().Concurrency).toMatchObject({ Threshold: 8, MetricName: 'ConcurrentExecutions' });
});

test.each<[string, Partial<ServiceFunctionProps>, string]>([
  ['a timeout known only at deployment', { timeout: Duration.seconds(Token.asNumber({ Ref: 'T' })) }, 'Duration'],
  ['a reservation known only at deployment', { reservedConcurrency: Token.asNumber({ Ref: 'T' }) }, 'Concurrency'],
  ['a function that is switched off', { reservedConcurrency: 0 }, 'Concurrency'],
])('derives no threshold from %s', (_, props, name) => {
  new Alarms(stack, 'Alarms').function(fn(props));
  expect(Object.keys(alarms())).not.toContain(name);
});

test('watches a function of the team’s that names no timeout', () => {
  const code = lambda.Code.fromInline('exports.handler = () => {}');
  const plain = new lambda.Function(stack, 'Plain', {
    code,
    handler: 'index.handler',
    runtime: lambda.Runtime.NODEJS_24_X,
  });
  new Alarms(stack, 'Alarms').function(plain);
  expect(alarms().Duration.Threshold).toBe(2400);
});

test.each([
  [undefined, 60_000],
  [Duration.minutes(5), 300_000],
])('watches the lag of a stream: %s', (maxLag, threshold) => {
  new Alarms(stack, 'Alarms').lag(fn(), maxLag);
  expect(alarms().IteratorAge).toMatchObject({ Threshold: threshold, MetricName: 'IteratorAge', Statistic: 'Maximum' });
});

test('watches a dead-letter queue for any message', () => {
  const { deadLetters } = new WorkQueue(stack, 'Jobs');
  new Alarms(stack, 'Alarms').deadLetters(deadLetters);
  const alarm = alarms().DeadLetters;
  expect(alarm).toMatchObject({ Threshold: 0, EvaluationPeriods: 1 });
  expect(metricsOf(alarm)).toEqual([
    [
      'ApproximateNumberOfMessagesVisible',
      [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [expect.stringMatching(/^JobsDeadLetterQueue/), 'QueueName'] } }],
    ],
  ]);
});

test('watches a table for throttles and errors, by operation', () => {
  new Alarms(stack, 'Alarms').table(new EntityTable(stack, 'Orders', { partitionKey: 'id' }));
  const { Throttles: throttles, SystemErrors: errors } = alarms();
  for (const [alarm, name] of [
    [throttles, 'ThrottledRequests'],
    [errors, 'SystemErrors'],
  ] as const) {
    expect(alarm.Threshold).toBe(0);
    const metrics = metricsOf(alarm);
    expect(metrics).toHaveLength(10);
    for (const [metric, dimensions] of metrics) {
      expect(metric).toBe(name);
      expect(dimensions).toEqual([
        { Name: 'Operation', Value: expect.any(String) },
        { Name: 'TableName', Value: { Ref: expect.stringMatching(/^Orders/) } },
      ]);
    }
  }
});

test.each([
  ['HTTP', () => new HttpApi(stack, 'Api'), ['5xx', 'Count', 'Latency'], 'ApiId'],
  [
    'REST',
    () => {
      const api = new RestApi(stack, 'Api');
      api.root.addMethod('GET');
      return api;
    },
    ['5XXError', 'Count', 'Latency'],
    'ApiName',
  ],
])('watches an API of kind %s for 5xx and latency', (_, make, names, dimension) => {
  new Alarms(stack, 'Alarms').api(make());
  const { ServerErrorRate: errors, Latency: latency } = alarms();
  expect([errors.Threshold, latency.Threshold]).toEqual([1, 2500]);
  const metrics = [...metricsOf(errors), ...metricsOf(latency)];
  expect(metrics.map(([name]) => name)).toEqual(names);
  for (const [, dimensions] of metrics) expect(dimensions).toEqual([{ Name: dimension, Value: expect.anything() }]);
});

describe('every alarm', () => {
  const all = (topic?: Topic) => {
    const watch = new Alarms(stack, 'Alarms', { topic });
    const watched = fn({ reservedConcurrency: 10 });
    watch.function(watched);
    watch.lag(watched);
    watch.deadLetters(new WorkQueue(stack, 'Jobs').deadLetters);
    watch.table(new EntityTable(stack, 'Orders', { partitionKey: 'id' }));
    watch.api(new HttpApi(stack, 'Api'));
    const found = Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm');
    return Object.values(found).map(({ Properties }) => Properties as AlarmProperties);
  };

  test('is quiet while nothing happens, and looks at dimensions', () => {
    const found = all();
    expect(found).toHaveLength(10);
    for (const alarm of found) {
      expect(alarm.TreatMissingData).toBe('notBreaching');
      expect(alarm.ComparisonOperator).toBe('GreaterThanThreshold');
      for (const [, dimensions] of metricsOf(alarm)) expect(dimensions).not.toHaveLength(0);
      for (const [, dimensions] of metricsOf(alarm)) expect(dimensions).toBeDefined();
    }
  });

  test('tells the topic, when there is one', () => {
    for (const { AlarmActions: actions } of all(new Topic(stack, 'Topic')))
      expect(actions).toEqual([{ Ref: expect.stringMatching(/^Topic/) }]);
  });

  test('lets CloudWatch use the key of the topic, once for all alarms', () => {
    const topic = new Topic(stack, 'Topic', { masterKey: new Key(stack, 'Key') });
    new Alarms(stack, 'Alarms', { topic }).deadLetters(new WorkQueue(stack, 'Jobs').deadLetters);
    new Alarms(stack, 'More', { topic });
    const [key] = Object.values(Template.fromStack(stack).findResources('AWS::KMS::Key'));
    const statements = (key!.Properties.KeyPolicy.Statement as { Principal: object }[]).filter(
      ({ Principal }) => 'Service' in Principal,
    );
    expect(statements).toEqual([
      {
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
        Resource: '*',
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      },
    ]);
  });

  const publishers = () =>
    Object.values(Template.fromStack(stack).findResources('AWS::SNS::TopicPolicy')).flatMap(
      ({ Properties: { PolicyDocument } }) =>
        (PolicyDocument as { Statement: { Effect: string; Principal: object }[] }).Statement.filter(
          ({ Effect }) => Effect === 'Allow',
        ),
    );
  const publisher = {
    Effect: 'Allow',
    Principal: { Service: 'cloudwatch.amazonaws.com' },
    Action: 'sns:Publish',
    Resource: { Ref: expect.stringMatching(/^Topic/) },
    Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    Sid: expect.any(String),
  };

  test.each([
    ['that refuses plain HTTP', () => new Topic(stack, 'Topic', { enforceSSL: true })],
    [
      'that comes later, as a construct of its own',
      () => {
        const topic = new Topic(stack, 'Topic');
        new Alarms(stack, 'Early', { topic });
        new TopicPolicy(stack, 'Own', { topics: [topic] }).document.addStatements(
          new PolicyStatement({
            effect: Effect.DENY,
            principals: [new StarPrincipal()],
            actions: ['sns:*'],
            resources: ['*'],
          }),
        );
        return topic;
      },
    ],
  ])('lets CloudWatch publish by a policy of the topic %s, once for all alarms', (_what, make) => {
    const topic = make();
    new Alarms(stack, 'Alarms', { topic });
    expect(publishers()).toEqual([publisher]);
  });

  test('leaves a topic without a policy the one that SNS gives it', () => {
    new Alarms(stack, 'Alarms', { topic: new Topic(stack, 'Topic') });
    new Topic(stack, 'Another', { enforceSSL: true });
    expect(publishers()).toEqual([]);
  });

  test('tells nobody without a topic', () => {
    for (const { AlarmActions: actions } of all()) expect(actions).toBeUndefined();
  });
});

test('gives the alarms of two functions names of their own', () => {
  const watch = new Alarms(stack, 'Alarms');
  const other = new ServiceFunction(new Stack(stack, 'Other'), 'F', {
    code: lambda.Code.fromInline('1'),
    onFailure: 'none',
  });
  expect(() => [watch.function(fn()), watch.function(other)]).not.toThrow();
});

test('is unchanged', () => {
  new Alarms(stack, 'Alarms').deadLetters(new WorkQueue(stack, 'Jobs').deadLetters);
  expect(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm')).toMatchSnapshot();
});
