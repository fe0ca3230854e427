import { App, CfnParameter, Duration, Fn, NestedStack, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Queue, type QueueProps, RedrivePermission } from 'aws-cdk-lib/aws-sqs';
import { queueNameOf, WorkQueue } from '../../lib/aws/work-queue';
import type { WorkQueueProps } from '../../lib/aws/work-queue-props';

const QUEUE = 'AWS::SQS::Queue';
let stack: Stack;

beforeEach(() => {
  stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Shop');
});

function queue(props: WorkQueueProps = {}): Template {
  new WorkQueue(stack, 'Jobs', props);
  return Template.fromStack(stack);
}

const source = (template: Template) =>
  Object.values(template.findResources(QUEUE, { Properties: { RedrivePolicy: {} } }))[0]!;

test('creates two queues with their policies, and is unchanged', () => {
  const template = queue();
  template.resourceCountIs(QUEUE, 2);
  template.resourceCountIs('AWS::SQS::QueuePolicy', 2);
  expect(template.toJSON().Resources).toMatchSnapshot();
});

test('in the place of a queue of CDK, it neither renames nor replaces it', () => {
  const plain = new Stack(new App(), 'Shop');
  new Queue(plain, 'Jobs');
  const [id] = Object.keys(Template.fromStack(plain).findResources(QUEUE));
  const { Properties } = queue({ consumer: { timeout: Duration.seconds(5) } }).findResources(QUEUE)[id!]!;
  expect(Properties).toHaveProperty('RedrivePolicy');
  // The properties whose change replaces a queue.
  for (const name of ['QueueName', 'FifoQueue']) expect(Properties).not.toHaveProperty(name);
});

test('sends failed messages to a queue that keeps them for 14 days', () => {
  const template = queue();
  expect(source(template).Properties.RedrivePolicy).toEqual({
    deadLetterTargetArn: { 'Fn::GetAtt': [expect.stringMatching(/^JobsDeadLetterQueue/), 'Arn'] },
    maxReceiveCount: 5,
  });
  template.hasResourceProperties(QUEUE, {
    MessageRetentionPeriod: 1_209_600,
    RedriveAllowPolicy: Match.absent(),
    RedrivePolicy: Match.absent(),
  });
});

test('with a name, has a dead-letter queue that takes messages from nowhere else', () => {
  const template = queue({ queueName: 'jobs' });
  const { QueueName: name, RedrivePolicy: redrive } = source(template).Properties as Record<string, unknown>;
  expect(redrive).toEqual({
    deadLetterTargetArn: { 'Fn::GetAtt': [expect.stringMatching(/^JobsDeadLetterQueue/), 'Arn'] },
    maxReceiveCount: 5,
  });
  template.hasResourceProperties(QUEUE, {
    MessageRetentionPeriod: 1_209_600,
    RedriveAllowPolicy: {
      redrivePermission: 'byQueue',
      sourceQueueArns: [
        {
          'Fn::Join': [
            '',
            [
              'arn:',
              { Ref: 'AWS::Partition' },
              ':sqs:',
              { Ref: 'AWS::Region' },
              ':',
              { Ref: 'AWS::AccountId' },
              `:${name}`,
            ],
          ],
        },
      ],
    },
  });
});

test('encrypts both queues and refuses requests without TLS', () => {
  const template = queue();
  template.allResourcesProperties(QUEUE, { SqsManagedSseEnabled: true });
  template.allResourcesProperties('AWS::SQS::QueuePolicy', {
    PolicyDocument: Match.objectLike({
      Statement: [
        Match.objectLike({
          Effect: 'Deny',
          Action: 'sqs:*',
          Principal: { AWS: '*' },
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      ],
    }),
  });
});

test.each<[string, WorkQueueProps, number | undefined]>([
  ['6 x its timeout', { consumer: { timeout: Duration.seconds(60) } }, 360],
  [
    '6 x its timeout and the window',
    { consumer: { timeout: Duration.seconds(60) }, batchWindow: Duration.minutes(5) },
    660,
  ],
  ['6 x the default timeout', { consumer: {} }, 18],
  ['6 x the longest timeout', { consumer: { timeout: Duration.minutes(15) }, batchWindow: Duration.minutes(5) }, 5700],
  ['what is asked for', { consumer: { timeout: Duration.seconds(60) }, visibilityTimeout: Duration.seconds(60) }, 60],
  ['the service’s default', {}, undefined],
])('hides a message that its consumer works on for %s', (_, props, seconds) => {
  expect(source(queue(props)).Properties.VisibilityTimeout).toBe(seconds);
});

test('hides a message for the longest time when the consumer’s timeout is known only at deployment', () => {
  const timeout = Duration.seconds(new CfnParameter(stack, 'Timeout', { type: 'Number' }).valueAsNumber);
  expect(source(queue({ consumer: { timeout }, batchWindow: Duration.seconds(10) })).Properties.VisibilityTimeout).toBe(
    5410,
  );
});

test('makes both queues FIFO', () => {
  const template = queue({ fifo: true, contentBasedDeduplication: true });
  template.allResourcesProperties(QUEUE, { FifoQueue: true });
  expect(source(template).Properties.QueueName).toBeUndefined();
  expect(source(template).Properties.ContentBasedDeduplication).toBe(true);
});

test('keeps messages for as long and tries them as often as asked', () => {
  const { Properties } = source(queue({ maxAttempts: 3, retentionPeriod: Duration.days(1) }));
  expect(Properties).toMatchObject({ MessageRetentionPeriod: 86_400, RedrivePolicy: { maxReceiveCount: 3 } });
});

test('encrypts both queues with a key of the team', () => {
  const template = queue({ encryptionMasterKey: new Key(stack, 'Key') });
  template.allResourcesProperties(QUEUE, { KmsMasterKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] } });
});

test('sends to this queue alone', () => {
  const jobs = new WorkQueue(stack, 'Jobs');
  const { variables, statements } = jobs.send();
  expect(variables).toEqual({ '': jobs.queueUrl });
  expect(statements).toMatchObject([{ actions: ['sqs:SendMessage'], resources: [jobs.queueArn] }]);
});

describe('the name of the queue of a pattern', () => {
  const nameIn = (scope: Stack, id = 'Jobs') => queueNameOf(scope, id);

  test('differs between stacks of one construct', () => {
    const names = ['shop-a', 'shop-b'].map((stackName) => {
      const app = new App({ builtinCloudFormationValidation: false });
      return nameIn(new Stack(app, 'Shop', { stackName }));
    });
    expect(new Set(names).size).toBe(2);
  });

  test('differs between places whose names look alike', () => {
    const app = new App({ builtinCloudFormationValidation: false });
    const shop = new Stack(app, 'Shop');
    const nested = new NestedStack(shop, 'Jobs');
    expect(nameIn(nested, 'Queue')).toMatch(/^Shop-Jobs-Queue-/);
    expect(nameIn(nested, 'Queue2')).not.toBe(nameIn(shop, 'JobsQueue2'));
  });

  test('has no more than 80 characters', () => {
    const app = new App({ builtinCloudFormationValidation: false });
    expect(nameIn(new Stack(app, 'S'.repeat(120)))).toHaveLength(80);
  });
});

test('is named as the team says', () => {
  expect(source(queue({ queueName: 'jobs' })).Properties.QueueName).toBe('jobs');
});

test.each<[string, WorkQueueProps]>([
  ['no attempt but the first', { maxAttempts: 1 }],
  ['1000 attempts', { maxAttempts: 1000 }],
  ['a window of 5 minutes', { batchWindow: Duration.minutes(5) }],
  ['12 hours', { visibilityTimeout: Duration.hours(12) }],
  ['a retention of 1 minute', { retentionPeriod: Duration.minutes(1) }],
  ['a retention just below 14 days', { retentionPeriod: Duration.seconds(1_209_599) }],
  ['a FIFO queue with a window of nothing', { fifo: true, batchWindow: Duration.seconds(0) }],
])('accepts %s', (_, props) => {
  expect(() => queue(props)).not.toThrow();
});

test.each<[string, WorkQueueProps, string]>([
  ['no attempt', { maxAttempts: 0 }, "'maxAttempts' must be a whole number from 1 to 1000, got 0"],
  ['1001 attempts', { maxAttempts: 1001 }, "'maxAttempts' must be a whole number from 1 to 1000, got 1001"],
  [
    'a window over 5 minutes',
    { batchWindow: Duration.seconds(301) },
    "'batchWindow' must be at most 5 minutes, got 5 minutes 1 second",
  ],
  [
    'a FIFO queue with a window',
    { fifo: true, batchWindow: Duration.seconds(1) },
    "'batchWindow' must not be given with 'fifo'",
  ],
  [
    'a visibility over 12 hours',
    { visibilityTimeout: Duration.seconds(43_201) },
    "'visibilityTimeout' must be at most 12 hours",
  ],
  [
    'a visibility below the consumer’s timeout',
    { consumer: { timeout: Duration.minutes(1) }, visibilityTimeout: Duration.seconds(59) },
    "'visibilityTimeout' must be at least the consumer's timeout (1 minute), got 59 seconds; remove it, for 6 x that timeout, or lengthen it (Shop/Jobs)",
  ],
  [
    'a retention of 14 days',
    { retentionPeriod: Duration.days(14) },
    "'retentionPeriod' must be at least 1 minute and less",
  ],
  [
    'a retention of 59 seconds',
    { retentionPeriod: Duration.seconds(59) },
    "'retentionPeriod' must be at least 1 minute",
  ],
  [
    'deduplication on a standard queue',
    { contentBasedDeduplication: true },
    "'contentBasedDeduplication' must not be given without 'fifo'",
  ],
])('refuses %s', (_, props, message) => {
  expect(() => queue(props)).toThrow(message);
});

describe('a dead-letter queue that there is', () => {
  const failed = (props: QueueProps = { retentionPeriod: Duration.days(14) }) => new Queue(stack, 'Failed', props);

  test('gets what fails, and no other is made', () => {
    const deadLetterQueue = failed();
    const jobs = new WorkQueue(stack, 'Jobs', { deadLetterQueue, maxAttempts: 3 });
    expect(jobs.deadLetters).toBe(deadLetterQueue);
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::SQS::Queue', 2);
    template.hasResourceProperties('AWS::SQS::Queue', {
      RedrivePolicy: { deadLetterTargetArn: stack.resolve(deadLetterQueue.queueArn) as unknown, maxReceiveCount: 3 },
    });
  });

  test('may be imported, also by an ARN that only the deployment knows', () => {
    const arn = Fn.importValue('failed');
    const deadLetterQueue = Queue.fromQueueArn(stack, 'Failed', arn);
    expect(() => new WorkQueue(stack, 'Jobs', { deadLetterQueue, fifo: true })).not.toThrow();
  });

  test('of a FIFO queue counts anew', () => {
    expect(() => new WorkQueue(stack, 'Jobs', { fifo: true, deadLetterQueue: failed({ fifo: true }) })).not.toThrow();
  });

  test('refuses one of another kind, and one that forgets first', () => {
    expect(() => new WorkQueue(stack, 'Jobs', { fifo: true, deadLetterQueue: failed() })).toThrow(
      "'deadLetterQueue' must be a FIFO queue, as this one is, got",
    );
    expect(() => new WorkQueue(stack, 'Others', { deadLetterQueue: new Queue(stack, 'Short') })).toThrow(
      "'deadLetterQueue' must keep messages longer than this queue, which keeps them for 4 days; it keeps them for 4 days, counted from when the message was first sent",
    );
    const denying = new Queue(stack, 'Denying', {
      retentionPeriod: Duration.days(14),
      redriveAllowPolicy: { redrivePermission: RedrivePermission.DENY_ALL },
    });
    expect(() => new WorkQueue(stack, 'Denied', { deadLetterQueue: denying })).toThrow(
      "'deadLetterQueue' must not have 'DENY_ALL' as its 'redriveAllowPolicy'",
    );
    const here = new Stack(new App(), 'Here', { env: { account: '111122223333', region: 'eu-west-1' } });
    const foreign = (id: string, region: string, account: string) =>
      Queue.fromQueueArn(here, id, `arn:aws:sqs:${region}:${account}:failed`);
    for (const [region, account] of [
      ['eu-central-1', '111122223333'],
      ['eu-west-1', '444455556666'],
    ] as const) {
      expect(
        () =>
          new WorkQueue(here, `In${region}${account}`, {
            deadLetterQueue: foreign(`F${region}${account}`, region, account),
          }),
      ).toThrow("'deadLetterQueue' must be in this queue's account and region, where SQS looks for it");
    }
    const near = foreign('Near', 'eu-west-1', '111122223333');
    expect(() => new WorkQueue(here, 'Beside', { deadLetterQueue: near })).not.toThrow();
  });
});

test.each<[string, WorkQueueProps]>([
  ['81 characters', { queueName: 'q'.repeat(81) }],
  ['80 with the suffix that is added', { queueName: 'q'.repeat(76), fifo: true }],
  ['80 before the suffix', { queueName: `${'q'.repeat(76)}.fifo`, fifo: true }],
])('refuses a name of %s', (_, props) => {
  expect(() => new WorkQueue(new Stack(), 'Jobs', props)).toThrow("'queueName' must be 1 to 80 letters");
  expect(
    () => new WorkQueue(new Stack(), 'Jobs', { ...props, queueName: props.queueName!.replace('q', '') }),
  ).not.toThrow();
});
