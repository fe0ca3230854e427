import { readFileSync } from 'node:fs';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Alarm, type CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { AlarmName } from '../../../lib/aws/alarms/settings';
import { WATCHED_BY, type WatchingPattern } from '../../../lib/aws/alarms/watched-by';
import { EventStore } from '../../../patterns/aws/event-store';
import { QueueWorker, type QueueWorkerProps } from '../../../patterns/aws/queue-worker';
import { Saga } from '../../../patterns/aws/saga';
import type { StreamProcessorProps } from '../../../lib/aws/stream-processor-props';
import { StreamProcessor } from '../../../patterns/aws/stream-processor';
import { HANDLER, type Loose, SAMPLES } from '../mistakes/samples';

const PLAIN = { builtinCloudFormationValidation: false, context: { 'aws:cdk:bundling-stacks': [] } };
const newStack = () => new Stack(new App(PLAIN), 'Shop', { env: { account: '111122223333', region: 'eu-west-1' } });
const handler = { entry: HANDLER, reservedConcurrency: 10 };

/** Makes a pattern, with alarms that are said otherwise, and gives what watches it, by id. */
function watching(pattern: WatchingPattern, settings: Loose): ReadonlyMap<string, CfnAlarm> {
  const stack = newStack();
  if (pattern === 'Publication') {
    new EventStore(stack, 'It').publishTo(new EventBus(stack, 'Bus'), { source: 'shop', alarms: settings });
  } else if (pattern === 'Projection') {
    new EventStore(stack, 'It').project('P', { handler, alarms: settings });
  } else {
    const { make, base } = SAMPLES[pattern]!;
    const props = base(stack) as unknown as Loose;
    const known = pattern === 'PooledDatabase' ? { capacity: { min: 0.5, max: 8 } } : {};
    const made = new make(stack, 'It', {
      ...props,
      ...known,
      ...('handler' in props && { handler }),
      alarms: settings,
    } as never);
    if (pattern === 'EventHub')
      (made as never as { subscribe(...args: unknown[]): void }).subscribe('S', { types: ['X'], handler });
  }
  // A projection and a publication belong to a store, which watches its table.
  const own = ({ node }: Alarm) =>
    !['Projection', 'Publication'].includes(pattern) || !node.path.startsWith('Shop/It/Alarms/');
  const alarms = stack.node
    .findAll()
    .filter((node): node is Alarm => node instanceof Alarm)
    .filter(own);
  return new Map(alarms.map((alarm) => [alarm.node.path, alarm.node.defaultChild as CfnAlarm]));
}

const PERCENT: readonly AlarmName[] = ['duration', 'concurrency'];

function thresholdIn(name: AlarmName, { threshold = 0, alarmDescription = '' }: CfnAlarm): string {
  if (PERCENT.includes(name))
    return /\d+ % of the (timeout|reserv)/
      .exec(alarmDescription)![0]
      .replace(/reserv$/, 'reservation')
      .replace('of the reserved', 'of the');
  if (name === 'errorRate') return `${threshold} %`;
  if (name === 'expiring') return `${threshold / 864_000} % of 24 hours`;
  if (name === 'age') return `${threshold / 60_000} minutes`;
  if (name === 'latency') return `${threshold} ms`;
  return name === 'borrowing' ? `${threshold / 1000} ms` : String(threshold);
}

/** The row of a setting, from the alarms that go away where it is off. */
function row(pattern: WatchingPattern, name: AlarmName, all: ReadonlyMap<string, CfnAlarm>): string {
  const left = watching(pattern, { [name]: { off: 'nobody asks' } });
  const gone = [...all].filter(([path]) => !left.has(path)).map(([, alarm]) => alarm);
  const facts = gone.map((alarm) => `${thresholdIn(name, alarm)} | ${(alarm.evaluationPeriods ?? 1) * 5} minutes`);
  return `${pattern} | ${name} | ${[...new Set(facts)].join(' & ') || '- | -'}`;
}

const cells = (line: string) =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.replaceAll('`', '').trim());

test('the page has what each pattern watches, at what and for how long, and nothing else', () => {
  const table = readFileSync('docs/alarms.md', 'utf8')
    .split('## ')
    .find((part) => part.startsWith('What each pattern watches'))!;
  const written = table
    .split('\n')
    .filter((line) => /^\| `/.test(line))
    .map((line) => cells(line).join(' | '));
  const patterns = Object.keys(WATCHED_BY) as WatchingPattern[];
  const rows = patterns.flatMap((pattern) => {
    const all = watching(pattern, {});
    const names: readonly AlarmName[] = WATCHED_BY[pattern];
    return names.map((name) => row(pattern, name, all));
  });
  expect(written).toEqual(rows);
});

test('says at what an alarm is raised, for how long, and that there is none', () => {
  const stack = newStack();
  const { alarms, deadLetterQueue } = new QueueWorker(stack, 'It', {
    handler,
    alarms: {
      errorRate: 5,
      duration: { threshold: 90, periods: 6 },
      throttles: { periods: 2 },
      age: Duration.hours(1),
      deadLetters: { off: 'swept each morning' },
    },
  });
  const found = alarms
    .map(({ node }) => node.defaultChild as CfnAlarm)
    .map(({ metricName, threshold, evaluationPeriods }) => [metricName, threshold, evaluationPeriods]);
  expect(found).toEqual([
    [undefined, 5, 1],
    ['Throttles', 0, 2],
    ['Duration', 9000, 6],
    ['ConcurrentExecutions', 8, 3],
    ['ApproximateAgeOfOldestMessage', 3600, 1],
  ]);
  // Where a rule asks for the alarm, it is told why there is none.
  expect(JSON.stringify(deadLetterQueue!.node.metadata)).toContain(
    '"Lintel::DeadLetterQueueAlarm":"swept each morning"',
  );
});

test.each<[string, Partial<QueueWorkerProps>, string]>([
  [
    'a share that nothing exceeds',
    { alarms: { errorRate: 100 } },
    "'alarms.errorRate' must be a percentage of at least 0 and below 100, or the alarm is never raised, got 100; give one in that range, or { off: 'why' } for no alarm (Shop/It)",
  ],
  [
    'a share that everything exceeds',
    { alarms: { duration: { threshold: 0 } } },
    "'alarms.duration.threshold' must be a percentage above 0 and below 100, or the alarm is always raised, got 0; give one in that range, or { off: 'why' } for no alarm (Shop/It)",
  ],
  [
    'a negative number',
    { alarms: { deadLetters: -1 } },
    "'alarms.deadLetters' must be a whole number of at least 0: more than that raises the alarm, got -1; give one, or { off: 'why' } for no alarm (Shop/It)",
  ],
  [
    'more than a day of periods',
    { alarms: { throttles: { periods: 289 } } },
    "'alarms.throttles.periods' must be a whole number from 1 to 288, got 289; choose a value in that range, or remove it (Shop/It)",
  ],
  [
    'no alarm without a reason',
    { alarms: { throttles: { off: '' } } },
    "'alarms.throttles.off' must not be empty, got ''; write it as 'the jobs are retried by hand' (Shop/It)",
  ],
  [
    'a setting that says nothing',
    { alarms: { throttles: {} } },
    "'alarms.throttles' must have 'threshold', 'periods' or 'off', got {}; give one of them, or leave it out (Shop/It)",
  ],
  [
    'an age within the window',
    { batch: { window: Duration.minutes(5) }, alarms: { age: Duration.minutes(5) } },
    "'alarms.age' must be longer than 'batch.window' (5 minutes), which any message may wait, or the alarm is always raised, got 5 minutes; lengthen it, or shorten 'batch.window' (Shop/It)",
  ],
  [
    'an age after which the message is gone',
    { alarms: { age: Duration.days(4) } },
    "'alarms.age' must be less than the retention of the queue (4 days), after which it is gone, or the alarm is never raised, got 4 days; shorten it (Shop/It)",
  ],
  [
    'a share of no reservation',
    { handler: HANDLER, alarms: { concurrency: 50 } },
    "'alarms.concurrency' must not be given without 'reservedConcurrency' on the handler, of which it is a percentage: there is no such alarm, got 50; remove it, or set 'reservedConcurrency' on the handler (Shop/It)",
  ],
])('refuses %s', (_, props, message) => {
  expect(() => new QueueWorker(newStack(), 'It', { handler, ...props })).toThrow(message);
});

test('refuses alarms on a dead-letter queue that another app makes', () => {
  const stack = newStack();
  const queue = Queue.fromQueueArn(stack, 'Q', 'arn:aws:sqs:eu-west-1:111122223333:jobs');
  expect(() => new QueueWorker(stack, 'It', { handler, queue, alarms: { deadLetters: 5 } })).toThrow(
    "'alarms.deadLetters' must not be given with a 'queue' whose dead-letter queue this app does not create: there is no such alarm",
  );
});

test.each<[string, Partial<StreamProcessorProps>]>([
  ['is given up before', { maxAge: Duration.minutes(5), alarms: { age: Duration.minutes(5) } }],
  ['has gone by then', { alarms: { age: Duration.hours(12) } }],
])('refuses an age of a record that %s', (_, props) => {
  expect(() => new StreamProcessor(newStack(), 'It', { handler, ...props })).toThrow(
    "'alarms.age' must be less than 'maxAge'",
  );
});

test('has the metrics of a dashboard, with their dimensions', () => {
  const stack = newStack();
  const worker = new QueueWorker(stack, 'It', { handler });
  const saga = new Saga(stack, 'Saga', { steps: [{ name: 'charge', action: HANDLER }] });
  const named = [
    worker.metricErrors({ period: Duration.minutes(1) }),
    worker.metricAge(),
    worker.metricDeadLetters(),
    saga.metricFailed(),
    saga.metricParked(),
  ];
  expect(named.map(({ metricName, dimensions = {} }) => [metricName, ...Object.keys(dimensions)])).toEqual([
    ['Errors', 'FunctionName'],
    ['ApproximateAgeOfOldestMessage', 'QueueName'],
    ['ApproximateNumberOfMessagesVisible', 'QueueName'],
    ['ExecutionsFailed', 'StateMachineArn'],
    ['ApproximateNumberOfMessagesVisible', 'QueueName'],
  ]);
  expect(named[0]!.period.toSeconds()).toBe(60);
});

test('refuses to name a metric of a queue that is not known', () => {
  const stack = newStack();
  const queue = Queue.fromQueueArn(stack, 'Q', 'arn:aws:sqs:eu-west-1:111122223333:jobs');
  const worker = new QueueWorker(stack, 'It', { handler, queue });
  expect(() => worker.metricDeadLetters()).toThrow(
    "'metricDeadLetters' must not be read without a dead-letter queue of this app; pass a 'queue' that this app creates (Shop/It)",
  );
});
