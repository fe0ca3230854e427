import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { Duration, type Stack } from 'aws-cdk-lib';
import { CfnRule, EventBus, EventField, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction, SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { LocalRun } from 'lintel/testing';
import { mutated } from '../../mutated';
import { inline, running, shop, stopRuns } from '../../support';

const PUT = `
  const { EventBridgeClient, PutEventsCommand } = require('@aws-sdk/client-eventbridge');
  const client = new EventBridgeClient({});
  exports.handler = async (entry) => client.send(new PutEventsCommand({ Entries: [entry] }));`;
const SAY = `exports.handler = async (event) => console.log('got ' + JSON.stringify(event));`;

function events(stack: Stack): void {
  const bus = new EventBus(stack, 'Bus');
  const all = new Queue(stack, 'All');
  const large = new Queue(stack, 'Large');
  const dead = new Queue(stack, 'Dead');
  const say = inline(stack, 'Say', SAY);
  new Rule(stack, 'AllRule', {
    eventBus: bus,
    eventPattern: { source: ['shop'] },
    targets: [new SqsQueue(all, { deadLetterQueue: dead, retryAttempts: 2 })],
  });
  new Rule(stack, 'LargeRule', {
    eventBus: bus,
    eventPattern: { source: ['shop'], detail: { total: [{ numeric: ['>', 100] }] } },
    targets: [
      new SqsQueue(large, {
        message: RuleTargetInput.fromObject({
          id: EventField.fromPath('$.detail.id'),
          text: `order ${EventField.fromPath('$.detail.id')}`,
          total: EventField.fromPath('$.detail.total'),
        }),
      }),
      new LambdaFunction(say),
    ],
  });
  new Rule(stack, 'Hourly', { schedule: Schedule.rate(Duration.hours(1)), targets: [new LambdaFunction(say)] });
  bus.grantPutEventsTo(inline(stack, 'Sender', PUT));
  inline(stack, 'Stranger', PUT);
}

let run: LocalRun;
beforeAll(async () => {
  run = await running(shop(events), { disorder: 0 });
});
afterAll(stopRuns);
beforeEach(() => ['All', 'Large', 'Dead'].forEach((name) => run.queue(name).purge()));

const entry = (detail: object, Source = 'shop') => ({
  EventBusName: run.nameOf('Bus'),
  Source,
  DetailType: 'OrderPlaced',
  Detail: JSON.stringify(detail),
});
const bodies = (name: string) =>
  run
    .queue(name)
    .messages()
    .map(({ body }) => JSON.parse(body) as Record<string, unknown>);

test('an event reaches the targets of the rules that match it', async () => {
  await run.invoke('Sender', entry({ id: 'a', total: 5 }));
  await run.invoke('Sender', entry({ id: 'b', total: 500 }));
  await run.invoke('Sender', entry({ id: 'c', total: 500 }, 'other'));
  await run.idle();
  expect(bodies('All')).toMatchObject([
    { source: 'shop', 'detail-type': 'OrderPlaced', detail: { id: 'a' }, account: '123456789012' },
    { detail: { id: 'b' } },
  ]);
  expect(bodies('Large')).toEqual([{ id: 'b', text: 'order b', total: 500 }]);
  expect(
    run
      .logs('Say')
      .map(({ message }) => message)
      .join(),
  ).toContain('"id":"b"');
});

test('refuses a handler without the grant', async () => {
  await expect(run.invoke('Stranger', entry({}))).rejects.toThrow('is not authorized to perform: events:PutEvents');
});

test('answers for each entry', async () => {
  const { Entries, FailedEntryCount } = await run
    .client(EventBridgeClient)
    .send(new PutEventsCommand({ Entries: [entry({}), { ...entry({}), Detail: 'no JSON' }] }));
  expect(FailedEntryCount).toBe(1);
  expect(Entries).toMatchObject([{ EventId: expect.any(String) }, { ErrorCode: 'MalformedDetail' }]);
});

test('a rule with a schedule is fired by hand', async () => {
  await run.fire('Hourly', { at: new Date('2026-01-31T08:00:00Z') });
  await run.idle();
  expect(run.logs('Say').at(-1)!.message).toMatch(/"detail-type":"Scheduled Event".*"time":"2026-01-31T08:00:00Z"/);
});

test('refuses to fire a rule that has no schedule', async () => {
  await expect(run.fire('AllRule')).rejects.toThrow("'Shop/AllRule' has no schedule");
});

test('without the queue’s policy, an event goes to the dead-letter queue, and says why', async () => {
  const directory = mutated(shop(events), 'AWS::SQS::QueuePolicy', (properties, id) => {
    const document = properties.PolicyDocument as { Statement: { Action: string }[] };
    if (id.startsWith('All')) document.Statement = [{ ...document.Statement[0]!, Action: 'sqs:ListQueues' }];
  });
  const other = await running(directory);
  await other.client(EventBridgeClient).send(
    new PutEventsCommand({
      Entries: [{ EventBusName: other.nameOf('Bus'), Source: 'shop', DetailType: 'x', Detail: '{"total":1}' }],
    }),
  );
  await other.idle();
  expect(other.queue('All').messages()).toEqual([]);
  expect(other.queue('Dead').messages()).toMatchObject([
    { body: expect.stringContaining('"total":1'), attributes: { ERROR_CODE: 'NO_PERMISSIONS' } },
  ]);
});

test('refuses a schedule on a bus of its own and more than five targets: they are listed, and nothing goes there', async () => {
  const other = await running(
    shop((stack) => {
      const bus = new EventBus(stack, 'Bus');
      const { queueArn: arn } = new Queue(stack, 'All');
      const targets = Array.from({ length: 6 }, (_, index) => ({ id: `t${index}`, arn }));
      const eventPattern = { source: ['shop'] };
      new CfnRule(stack, 'Many', { eventBusName: bus.eventBusName, eventPattern, targets });
      const scheduleExpression = 'rate(1 day)';
      new CfnRule(stack, 'Daily', { eventBusName: bus.eventBusName, scheduleExpression, targets: targets.slice(5) });
    }),
  );
  expect(other.unsupported.map(({ resource, reason }) => [resource, reason])).toEqual([
    ['Shop/Many', 'AWS refuses it, and nothing matches: it has 6 targets, and a rule has at most 5'],
    ['Shop/Daily', expect.stringContaining('supported only on the default event bus')],
  ]);
  await expect(other.fire('Shop/Daily')).rejects.toThrow('only on the default event bus');
  const entry = { EventBusName: other.nameOf('Bus'), Source: 'shop', DetailType: 'x', Detail: '{}' };
  await other.client(EventBridgeClient).send(new PutEventsCommand({ Entries: [entry] }));
  await other.idle();
  expect(other.report().unsupportedCalls).toEqual([]);
  expect(other.logs('Shop/Many')).toEqual([]);
});

test('integers keep their digits, and a pattern that AWS refuses matches nothing and is listed', async () => {
  const directory = mutated(shop(events), 'AWS::Events::Rule', (properties, id) => {
    if (id.startsWith('AllRule')) properties.EventPattern = '{"detail":{"id":[9007199254740993]}}';
    if (id.startsWith('LargeRule')) properties.EventPattern = { source: [{ wildcard: 'sh**p' }] };
  });
  const other = await running(directory, { disorder: 0 });
  const put = (Detail: string) =>
    other.client(EventBridgeClient).send(
      new PutEventsCommand({
        Entries: [{ EventBusName: other.nameOf('Bus'), Source: 'shop', DetailType: 'x', Detail }],
      }),
    );
  await put('{"id":9007199254740993}');
  await put('{"id":9007199254740992}');
  await other.idle();
  expect(other.queue('All').messages()).toHaveLength(1);
  expect(other.queue('Large').messages()).toEqual([]);
  expect(other.unsupported).toMatchObject([
    {
      resource: 'Shop/LargeRule',
      reason:
        'AWS refuses it, and nothing matches: Event pattern is not valid. Reason: Consecutive wildcard characters at pos 3',
    },
  ]);
});

describe('what PutEvents refuses', () => {
  const entry = { Source: 'shop', DetailType: 'Placed', Detail: '{}' };
  const put = (Entries: object[]) => run.client(EventBridgeClient).send(new PutEventsCommand({ Entries }));

  test.each([
    ['no entry', []],
    ['eleven entries', Array.from({ length: 11 }, () => entry)],
    ['entries of more than 1 MB', [{ ...entry, Detail: JSON.stringify({ text: 'x'.repeat(1_048_576) }) }]],
  ])('refuses %s', async (_, entries) => {
    await expect(put(entries)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('refuses sources of AWS and details that are no objects, entry by entry', async () => {
    const { Entries, FailedEntryCount } = await put([
      entry,
      { ...entry, Source: 'aws.s3' },
      { ...entry, Detail: '[]' },
      { ...entry, Detail: 'text' },
      { Source: 'shop', Detail: '{}' },
      { ...entry, DetailType: 'x'.repeat(129) },
    ]);
    expect(FailedEntryCount).toBe(5);
    expect(Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
      undefined,
      'NotAuthorizedForSourceException',
      'MalformedDetail',
      'MalformedDetail',
      'InvalidArgument',
      'InvalidArgument',
    ]);
  });
});
