import path from 'node:path';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { SQSClient, StartMessageMoveTaskCommand } from '@aws-sdk/client-sqs';
import { Duration } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { EventHub, ServiceFunction } from 'lintel/aws';
import type { LocalRun } from 'lintel/testing';
import { running, shop, stopRuns } from '../../testing/local/support';

const handlers = path.join(__dirname, '../../handlers/hub');
const PUBLISH = path.join(handlers, 'publish.ts');
const SUBSCRIBE = { entry: path.join(handlers, 'subscribe.ts'), timeout: Duration.seconds(10) };

const ORDER = {
  type: 'object',
  required: ['id'],
  properties: {
    id: { type: 'string', minLength: 2 },
    at: { type: 'string', format: 'date-time' },
    lines: {
      type: 'array',
      items: { type: 'object', properties: { sku: { type: 'string' } }, additionalProperties: false },
    },
  },
};

afterAll(stopRuns);

let run: LocalRun;
beforeAll(async () => {
  run = await running(
    shop((stack) => {
      const hub = new EventHub(stack, 'Hub', { claimCheck: new Bucket(stack, 'Claims') });
      const audit = new EventHub(stack, 'Audit');
      hub.forwardTo('ToAudit', { to: audit, types: ['OrderPlaced'] });
      audit.subscribe('Log', { source: 'shop.orders', handler: SUBSCRIBE });
      const declared = hub.publish({ source: 'shop.orders', types: ['OrderPlaced', 'OrderCancelled'] });
      new ServiceFunction(stack, 'Orders', { entry: PUBLISH, access: { HUB: declared } });
      new ServiceFunction(stack, 'Both', {
        entry: PUBLISH,
        access: { HUB: declared.and(hub.publish({ source: 'shop.returns', types: ['OrderReturned'] })) },
      });
      const strict = new EventHub(stack, 'Strict', { events: { OrderPlaced: ORDER }, validate: true });
      new ServiceFunction(stack, 'Checked', {
        entry: PUBLISH,
        access: { HUB: strict.publish({ source: 'shop.orders', types: ['OrderPlaced'] }) },
      });
      strict.subscribe('Ledger', { types: ['OrderPlaced'], handler: SUBSCRIBE });
      hub.subscribe('Billing', { source: 'shop.orders', types: ['OrderPlaced'], handler: SUBSCRIBE });
      hub.subscribe('Direct', { types: ['OrderPlaced'], handler: SUBSCRIBE, buffer: 'none', maxAttempts: 2 });
      hub.subscribe('Wide', { types: ['OrderCancelled'], handler: SUBSCRIBE, maxAttempts: 2 });
    }),
    { timeScale: 600, disorder: 1, maxEnvironments: 3 },
  );
});

const worked = (on: string, id: string) =>
  run.logs(`Hub/${on}`).filter(({ message }) => message.includes(`worked on ${id} `)).length;

test('an event reaches each of its subscribers, and is worked on once though it comes twice', async () => {
  expect(await run.invoke('Orders', { events: { type: 'OrderPlaced', data: { id: 'o-1' } } })).toMatchObject({
    published: ['OrderPlaced'],
  });
  await run.idle();
  expect([worked('Billing/Worker/Handler', 'o-1'), worked('Direct/Handler', 'o-1')]).toEqual([1, 1]);
});

test('an event that fails, and one that the handler does not know, wait as they were in the dead-letter queue', async () => {
  await run.invoke('Orders', {
    events: [
      { type: 'OrderPlaced', data: { id: 'o-2', poison: true } },
      { type: 'OrderCancelled', data: { id: 'o-3' } },
    ],
  });
  await run.idle();
  const bodies = (name: string) =>
    run
      .queue(name)
      .messages()
      .map(({ body }) => (JSON.parse(body) as { detail: { data: { id: string } } }).detail.data.id);
  // The bus may bring an event twice, and what fails is remembered by nobody.
  expect(new Set(bodies('Hub/Billing/Worker/QueueDeadLetterQueue'))).toEqual(new Set(['o-2']));
  expect(new Set(bodies('Hub/Direct/DeadLetterQueue'))).toEqual(new Set(['o-2']));
  expect(new Set(bodies('Hub/Wide/Worker/QueueDeadLetterQueue'))).toEqual(new Set(['o-3']));
  expect(
    run
      .logs('Hub/Wide/Worker/Handler')
      .map(({ message }) => message)
      .join(),
  ).toContain("No handler for 'OrderCancelled' of 'shop.orders': add it to 'on', or narrow the subscription");
});

test('an envelope in the name of another type or source than that of the bus is worked on by nobody, and keeps no event out', async () => {
  const detail = { specversion: '1.0', id: 'f', source: 'shop.orders', type: 'OrderPlaced', data: { id: 'o-30' } };
  const entry = {
    EventBusName: run.nameOf('Hub/Bus'),
    Source: 'shop.returns',
    DetailType: 'OrderPlaced',
    Detail: JSON.stringify(detail),
  };
  const bridge = run.client(EventBridgeClient);
  await bridge.send(new PutEventsCommand({ Entries: [entry, { ...entry, DetailType: 'OrderCancelled' }] }));
  await run.idle();
  expect([worked('Direct/Handler', 'o-30'), worked('Wide/Worker/Handler', 'o-30')]).toEqual([0, 0]);
  for (const dead of ['Hub/Direct/DeadLetterQueue', 'Hub/Wide/Worker/QueueDeadLetterQueue']) {
    const bodies = run.queue(dead).messages();
    expect(bodies.map(({ body }) => body).join()).toContain('o-30');
  }
  await bridge.send(new PutEventsCommand({ Entries: [{ ...entry, Source: 'shop.orders' }] }));
  await run.idle();
  expect(worked('Direct/Handler', 'o-30')).toBe(1);
});

test('what waits without a buffer is handed to its handler once more', async () => {
  const dead = run.queue('Hub/Direct/DeadLetterQueue');
  const before = dead.messages().length;
  const detail = { specversion: '1.0', id: 'y', source: 'shop.orders', type: 'OrderPlaced', data: { id: 'o-8' } };
  await dead.send(JSON.stringify({ 'detail-type': 'OrderPlaced', source: 'shop.orders', detail }));
  // SQS itself takes only the dead-letter queue of another queue.
  const SourceArn = `arn:aws:sqs:us-east-1:123456789012:${run.nameOf('Hub/Direct/DeadLetterQueue')}`;
  const moving = run.client(SQSClient).send(new StartMessageMoveTaskCommand({ SourceArn }));
  await expect(moving).rejects.toThrow('must be configured as a Dead Letter Queue');
  expect(await run.invoke('Hub/Direct/Redrive')).toEqual({ moved: before + 1 });
  await run.idle();
  expect(worked('Direct/Handler', 'o-8')).toBe(1);
});

test('an event that is too large for the bus goes without its data, which the handler gets all the same', async () => {
  const note = 'x'.repeat(300_000);
  const { events } = await run.invoke<{ events: { dataref?: string }[] }>('Orders', {
    events: { type: 'OrderPlaced', id: 'a/b', data: { id: 'o-7', note } },
  });
  await run.idle();
  expect([worked('Billing/Worker/Handler', 'o-7'), worked('Direct/Handler', 'o-7')]).toEqual([1, 1]);
  expect(events[0]).not.toHaveProperty('dataref');
});

test('what is passed on reaches the subscribers of the other hub', async () => {
  await run.invoke('Orders', { events: { type: 'OrderPlaced', data: { id: 'o-6' } } });
  await run.idle();
  const lines = run.logs('Audit/Log/Worker/Handler').filter(({ message }) => message.includes('worked on o-6 '));
  expect(lines).toHaveLength(1);
});

test('SQS moves what waits back into the queue of the subscription, and it is worked on', async () => {
  const detail = { specversion: '1.0', id: 'x', source: 'shop.orders', type: 'OrderPlaced', data: { id: 'o-9' } };
  const body = JSON.stringify({ 'detail-type': 'OrderPlaced', source: 'shop.orders', detail });
  await run.queue('Hub/Billing/Worker/QueueDeadLetterQueue').send(body);
  const sqs = run.client(SQSClient);
  const arnOf = (name: string) => `arn:aws:sqs:us-east-1:123456789012:${run.nameOf(name)}`;
  await sqs.send(
    new StartMessageMoveTaskCommand({
      SourceArn: arnOf('Hub/Billing/Worker/QueueDeadLetterQueue'),
      DestinationArn: arnOf('Hub/Billing/Worker/Queue'),
    }),
  );
  await run.idle();
  expect(worked('Billing/Worker/Handler', 'o-9')).toBe(1);
});

test.each([
  ['another source', 'Orders', 'shop.returns', 'OrderPlaced'],
  ['another type', 'Orders', 'shop.orders', 'OrderReturned'],
  ['a type that the other of two sources may publish', 'Both', 'shop.returns', 'OrderPlaced'],
])('refuses to publish for %s', async (_, fn, source, type) => {
  expect(await run.invoke(fn, { source, events: { type, data: {} } })).toMatchObject({
    error: 'PublishError',
    failed: [[type, 'AccessDeniedException']],
    published: [],
  });
});

test('one event that nobody may publish denies no other of its batch', async () => {
  const events = ['OrderPlaced', 'OrderReturned', 'OrderCancelled'].map((type) => ({ type, data: { id: 'o-4' } }));
  expect(await run.invoke('Orders', { events })).toMatchObject({
    failed: [['OrderReturned', 'AccessDeniedException']],
    published: ['OrderPlaced', 'OrderCancelled'],
  });
});

test('data that are not what the schema says keep all events of the call from being sent, and say where', async () => {
  const good = { type: 'OrderPlaced', data: { id: 'o-20', at: '2026-01-02T03:04:05Z', lines: [{ sku: 'a' }] } };
  expect(await run.invoke('Checked', { events: good })).toMatchObject({ published: ['OrderPlaced'] });
  const bad = { type: 'OrderPlaced', data: { id: 'x', at: 'today', lines: [{ sku: 'a' }, { sku: 1, size: 2 }] } };
  expect(await run.invoke('Checked', { events: [{ ...good, data: { id: 'o-21' } }, bad] })).toMatchObject({
    error: 'InvalidDataError',
    message:
      "Nothing was published, since data do not match their schemas: 'OrderPlaced' /id must NOT have fewer than 2 characters; " +
      "'OrderPlaced' /at must match format \"date-time\"; 'OrderPlaced' /lines/1 must NOT have additional properties: 'size'; " +
      "'OrderPlaced' /lines/1/sku must be string",
    published: [],
  });
  expect(await run.invoke('Checked', { events: { type: 'OrderPlaced', data: null } })).toMatchObject({
    message: "Nothing was published, since data do not match their schemas: 'OrderPlaced' data must be object",
  });
  expect(await run.invoke('Checked', { events: { type: 'OrderGone', data: {} } })).toMatchObject({
    error: 'TypeError',
    message: "'OrderGone' is not one of the types that 'HUB' may publish: OrderPlaced",
  });
  await run.idle();
  const heard = run.logs('Strict/Ledger/Worker/Handler').map(({ message }) => message);
  expect(heard.filter((message) => message.includes('worked on o-2'))).toHaveLength(1);
});
