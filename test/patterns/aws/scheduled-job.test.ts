import { App, Duration, Lazy, Stack, Token } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { ScheduledJob, type ScheduledJobProps } from 'lintel/aws';
import 'lintel/testing';

const code = lambda.Code.fromInline('exports.handler = async () => {}');
const handler = { code };
let stack: Stack;

beforeEach(() => {
  stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Shop');
});

const job = (props: Partial<ScheduledJobProps> = {}) =>
  new ScheduledJob(stack, 'Nightly', { handler, schedule: 'rate(1 day)', ...props });
const template = () => Template.fromStack(stack);

test('creates a schedule, a function with its role, log group and alarms, a role for the scheduler, and a dead-letter queue', () => {
  job();
  const kinds = Object.values<{ Type: string }>(template().toJSON().Resources).map(({ Type }) => Type);
  expect(kinds.sort()).toEqual([
    ...Array<string>(4).fill('AWS::CloudWatch::Alarm'),
    'AWS::IAM::Policy',
    'AWS::IAM::Policy',
    'AWS::IAM::Role',
    'AWS::IAM::Role',
    'AWS::Lambda::EventInvokeConfig',
    'AWS::Lambda::Function',
    'AWS::Logs::LogGroup',
    'AWS::SQS::Queue',
    'AWS::SQS::QueuePolicy',
    'AWS::Scheduler::Schedule',
  ]);
});

test('tells the topic of runs that failed', () => {
  const { alarms } = job({ alarmTopic: new Topic(stack, 'OnCall') });
  expect(alarms.length).toBe(4);
  const told = { AlarmActions: [{ Ref: Match.stringLikeRegexp('OnCall') }] };
  template().resourcePropertiesCountIs('AWS::CloudWatch::Alarm', Match.objectLike(told), 4);
  template().hasResourceProperties('AWS::CloudWatch::Alarm', {
    MetricName: 'ApproximateNumberOfMessagesVisible',
    Dimensions: [
      { Name: 'QueueName', Value: { 'Fn::GetAtt': [Match.stringLikeRegexp('DeadLetterQueue'), 'QueueName'] } },
    ],
    Threshold: 0,
  });
});

test('lets the scheduler invoke this function and send to its dead-letter queue, and nothing else', () => {
  job();
  template().hasResourceProperties('AWS::IAM::Policy', {
    PolicyName: Match.stringLikeRegexp('SchedulerRole'),
    PolicyDocument: {
      Statement: [
        {
          Action: 'lambda:InvokeFunction',
          Effect: 'Allow',
          Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('Handler'), 'Arn'] },
        },
        {
          Action: 'sqs:SendMessage',
          Effect: 'Allow',
          Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('DeadLetterQueue'), 'Arn'] },
        },
      ],
    },
  });
  template().hasResourceProperties('AWS::IAM::Role', {
    AssumeRolePolicyDocument: {
      Statement: [
        Match.objectLike({
          Principal: { Service: 'scheduler.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
        }),
      ],
    },
  });
});

test('sends what could not be started, and what failed, to the dead-letter queue, and keeps it for 14 days', () => {
  job();
  const queue = { 'Fn::GetAtt': [Match.stringLikeRegexp('NightlyDeadLetterQueue'), 'Arn'] };
  template().hasResourceProperties('AWS::Scheduler::Schedule', { Target: { DeadLetterConfig: { Arn: queue } } });
  template().hasResourceProperties('AWS::Lambda::Function', { DeadLetterConfig: { TargetArn: queue } });
  template().hasResourceProperties('AWS::SQS::Queue', { MessageRetentionPeriod: 1_209_600 });
});

test('hands the run’s time and execution id to the handler', () => {
  job();
  template().hasResourceProperties('AWS::Scheduler::Schedule', {
    Target: {
      Input: '{"scheduledTime":"<aws.scheduler.scheduled-time>","executionId":"<aws.scheduler.execution-id>"}',
    },
  });
});

test('hands over the input in its place', () => {
  job({ input: { report: 'sales' } });
  template().hasResourceProperties('AWS::Scheduler::Schedule', { Target: { Input: '{"report":"sales"}' } });
});

test('follows the time zone, the flexible window and enabled', () => {
  job({
    schedule: 'cron(0 3 * * ? *)',
    timeZone: 'Europe/Berlin',
    flexibleWindow: Duration.minutes(15),
    enabled: false,
  });
  template().hasResourceProperties('AWS::Scheduler::Schedule', {
    ScheduleExpression: 'cron(0 3 * * ? *)',
    ScheduleExpressionTimezone: 'Europe/Berlin',
    FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 15 },
    State: 'DISABLED',
  });
});

test.each([
  ['rate(5 minutes)', 10, undefined, 145],
  ['rate(5 minutes)', 60, Duration.minutes(1), 90],
  ['rate(1 hour)', 900, undefined, 1350],
  ['rate(1 day)', 10, undefined, 21_600],
  ['at(2030-01-31T08:30:00)', 10, undefined, 21_600],
])(
  '%s with a timeout of %d seconds: what is left before the next run is shared by starting and repeating',
  (schedule, timeout, flexibleWindow, age) => {
    job({ schedule, flexibleWindow, handler: { code, timeout: Duration.seconds(timeout) } });
    template().hasResourceProperties('AWS::Scheduler::Schedule', {
      Target: { RetryPolicy: { MaximumEventAgeInSeconds: age } },
    });
    template().hasResourceProperties('AWS::Lambda::EventInvokeConfig', { MaximumEventAgeInSeconds: age });
  },
);

test('refuses runs that could overlap', () => {
  expect(() => job({ schedule: 'rate(1 minute)' })).toThrow(
    "'schedule' must leave 130 seconds between two runs, so that a late or repeated one ends before the next starts (10 of the handler's timeout, " +
      "0 of the flexible window, 120 to start and retry it), got 'rate(1 minute)'; run it less often, set 'overlap: true' if concurrent runs are harmless, " +
      "or 'reservedConcurrency: 1' on the handler (Shop/Nightly)",
  );
});

test.each([
  [{ schedule: 'rate(1 minute)', overlap: true }],
  [{ schedule: 'rate(1 minute)', handler: { code, reservedConcurrency: 1 } }],
  [{ schedule: Token.asString({ Ref: 'Schedule' }) }],
  [{ schedule: 'rate(1 minute)', handler: { code, timeout: Duration.seconds(Token.asNumber({ Ref: 'Timeout' })) } }],
])('accepts %j', (props) => {
  expect(() => job(props)).not.toThrow();
});

test.each([
  ['every day', 'it is not rate(...), cron(...) or at(...)'],
  ['cron(3 * * *)', 'it has 4 fields instead of 6'],
  ['cron(0 0 30 2 ? *)', 'never fires'],
  ['rate(0 minutes)', 'never fires'],
  ['at(2030-02-30T00:00:00)', 'it names a time that does not exist'],
])('refuses %s, which %s', (schedule, reason) => {
  expect(() => job({ schedule })).toThrow(reason);
});

test('refuses an input that holds itself', () => {
  const input: Record<string, unknown> = { kind: 'nightly' };
  input.self = input;
  expect(() => job({ input })).toThrow("'input' must be an object that can be written as JSON, got ");
});

test('refuses a wrong time zone and a wrong window, both at once', () => {
  expect(() => job({ timeZone: 'Mars/Olympus', flexibleWindow: Duration.hours(25) })).toThrow(
    "'timeZone' must be the IANA name of a time zone, got 'Mars/Olympus'; write it as 'Europe/Berlin' (Shop/Nightly)\n" +
      "'flexibleWindow' must be whole minutes from 1 to 1440, got 1 day 1 hour; leave it out for a run that starts on time (Shop/Nightly)",
  );
});

test('calls the warm alias, and uses the function that the team has', () => {
  job({ handler: { code, warm: 1 } });
  template().hasResourceProperties('AWS::Scheduler::Schedule', {
    Target: { Arn: { Ref: Match.stringLikeRegexp('Live') } },
  });
  const own = new lambda.Function(stack, 'Own', {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code,
  });
  expect(new ScheduledJob(stack, 'Other', { handler: own, schedule: 'rate(1 day)' }).handler).toBe(own);
});

test('refuses a flexible window that is known only at deployment', () => {
  const window = Duration.minutes(Lazy.number({ produce: () => 5 }));
  expect(() => job({ flexibleWindow: window })).toThrow(
    "'flexibleWindow' must be a Duration, known when the program runs, got a value that is known only at deployment; write Duration.minutes(30)",
  );
});

describe('a time that has passed', () => {
  beforeEach(() => void jest.useFakeTimers({ now: new Date('2026-11-30T08:00:00Z') }));
  afterEach(() => void jest.useRealTimers());

  const warnings = (props: Partial<ScheduledJobProps>) => {
    job(props);
    return Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp("'schedule' has passed"));
  };

  test.each([
    ['at(2026-11-30T07:59:59)', undefined],
    ['at(2026-11-30T08:59:00)', 'Europe/Berlin'],
    ['at(2020-01-31T08:30:00)', 'Asia/Tokyo'],
    ['AT(2026-11-30T07:59)', undefined],
  ])('is warned of, and synthesizes: %s in %s', (schedule, timeZone) => {
    expect(warnings({ schedule, timeZone })).toHaveLength(1);
    template().hasResourceProperties('AWS::Scheduler::Schedule', { ScheduleExpression: schedule });
  });

  test.each<Partial<ScheduledJobProps>>([
    { schedule: 'at(2026-11-30T08:00:01)' },
    { schedule: 'at(2026-11-30T08:01)' },
    { schedule: 'at(2026-11-30T08:59:00)', timeZone: 'Europe/London' },
    { schedule: 'at(2020-01-31T08:30:00)', enabled: false },
    { schedule: 'cron(0 3 * * ? *)' },
    { schedule: 'at(2020-01-31T08:30:00)', timeZone: Lazy.string({ produce: () => 'Europe/Berlin' }) },
  ])('is not: %j', (props) => {
    expect(warnings(props)).toEqual([]);
  });
});

test('minimal use', () => {
  job();
  expect(stack).toMatchTemplateSnapshot();
});

test('refuses an expression that is longer than Scheduler takes', () => {
  const schedule = `cron(${'1,'.repeat(120)}1 3 * * ? *)`;
  const app = new App({ builtinCloudFormationValidation: false });
  expect(() => new ScheduledJob(new Stack(app, 'Long'), 'Job', { handler: { code }, schedule })).toThrow(
    "'schedule' must be at most 256 characters long, not 257, got 'cron(1,1,",
  );
});
