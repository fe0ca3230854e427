import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Context } from 'aws-lambda';
import { env, publisher, PublishError, replay, subscriber } from 'lintel/runtime';
import { cloudEvent } from '../../lib/runtime/events/cloud-event';
import { outgoing, requestsOf, sizeOf } from '../../lib/runtime/events/entries';
import { traceparent } from '../../lib/runtime/events/trace';

const making = { source: 'shop.orders', id: 'made', now: new Date('2026-01-02T03:04:05Z') };

test('a variable that is not set fails with its name, and an empty one is one', () => {
  process.env.EMPTY = '';
  expect(env('EMPTY')).toBe('');
  expect(() => env('ORDERS')).toThrow(
    "The variable 'ORDERS' is not set; name it in the 'access' or the 'environment' of the function",
  );
});

describe('an event', () => {
  test('is a CloudEvent, with what is said of it and nothing else', () => {
    expect(cloudEvent({ type: 'OrderPlaced', data: { id: 1 } }, making)).toEqual({
      specversion: '1.0',
      id: 'made',
      source: 'shop.orders',
      type: 'OrderPlaced',
      time: '2026-01-02T03:04:05.000Z',
      datacontenttype: 'application/json',
      data: { id: 1 },
    });
  });

  test('carries what led to it, and counts the hops', () => {
    const first = cloudEvent({ type: 'A', data: null }, making);
    const second = cloudEvent({ type: 'B', data: null, id: 'b' }, { ...making, cause: first });
    const third = cloudEvent({ type: 'C', data: null }, { ...making, cause: second });
    expect([second, third].map(({ causationid, correlationid, hops }) => [causationid, correlationid, hops])).toEqual([
      ['made', 'made', 1],
      ['b', 'made', 2],
    ]);
  });

  test.each<[object, string]>([
    [{ type: '', data: 1 }, "'type' of '' must be a non-empty string"],
    [{ type: 'X' }, "'X' has no data; null would do"],
    [
      { type: 'X', data: 1, source: 'shop.billing' },
      "'X' has the source 'shop.billing', but this publisher is 'shop.orders'",
    ],
    [{ type: 'X', data: 1, correlationId: 'a' }, "'X' has the attribute 'correlationId'; the names of extensions are"],
    [
      { type: 'X', data: 1, tenant: { id: 1 } },
      "'X' has the extension 'tenant' of a type that CloudEvents does not support",
    ],
    [{ type: 'X', data: 1, time: 'yesterday' }, "'X' has the time 'yesterday', which is invalid"],
  ])('refuses %j', (event, message) => {
    expect(() => cloudEvent(event as never, making)).toThrow(message);
  });

  test('has the trace of its invocation', () => {
    expect(traceparent('Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1')).toBe(
      '00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01',
    );
    expect(traceparent(undefined)).toBeUndefined();
  });
});

describe('a batch', () => {
  const declared = [
    { source: 'shop.orders', types: ['A', 'B'] },
    { source: 'shop.orders', types: ['C'] },
  ];
  const out = (type: string, data: unknown = 1) => outgoing(cloudEvent({ type, data }, making), 'bus');
  const types = (requests: ReturnType<typeof requestsOf>) =>
    requests.map((one) => one.map(({ event }) => event.type).join(''));

  test('goes in requests that one statement allows, ten at most; what none allows goes alone', () => {
    const all = [...'AACBXAY', ...'B'.repeat(9)].map((type) => out(type));
    expect(types(requestsOf(all, declared, 262_144))).toEqual(['AABABBBBBB', 'BBB', 'C', 'X', 'Y']);
  });

  test('goes in requests of no more bytes than the bus takes, counted in UTF-8', () => {
    expect(sizeOf({ Source: 'ä', DetailType: 'b', Detail: '{}', Resources: ['€'], Time: new Date() })).toBe(
      2 + 1 + 2 + 3 + 14,
    );
    const all = [out('A', '€'.repeat(40_000)), out('A', '€'.repeat(40_000)), out('B'), out('A', '€'.repeat(40_000))];
    expect(types(requestsOf(all, declared, 262_144))).toEqual(['AAB', 'A']);
  });
});

describe('a subscriber', () => {
  const envelope = { specversion: '1.0', id: 'e-1', source: 'shop.orders', type: 'OrderPlaced', data: 1 };
  const heard: unknown[] = [];
  const handler = subscriber<{ OrderPlaced: unknown; OrderPaid: unknown }>({
    on: {
      OrderPlaced: (data, { source, id }) => void heard.push(['OrderPlaced', source, id, data]),
      OrderPaid: (data, { source, id }) => void heard.push(['OrderPaid', source, id, data]),
    },
    duplicates: 'process',
  });
  const incoming = (detail: object, also: object = {}) =>
    ({ id: 'bus-1', source: 'shop.orders', 'detail-type': 'OrderPlaced', time: '', detail, ...also }) as never;
  const handle = (detail: object, also?: object) => handler(incoming(detail, also), {} as Context);
  beforeEach(() => heard.splice(0));

  test('takes the envelope of what the bus names alike, handed on or again too', async () => {
    process.env.SUBSCRIPTION_REPLAYS = 'process';
    await handle(envelope);
    await handle(envelope, { account: '111122223333', region: 'eu-west-1', id: 'bus-2' });
    await handle(envelope, { 'replay-name': 'after-outage' });
    delete process.env.SUBSCRIPTION_REPLAYS;
    expect(heard).toEqual(Array.from({ length: 3 }, () => ['OrderPlaced', 'shop.orders', 'e-1', 1]));
  });

  test.each([
    ['type', { type: 'OrderPaid' }, "'OrderPaid' of 'shop.orders'"],
    ['source', { source: 'shop.billing' }, "'OrderPlaced' of 'shop.billing'"],
  ])('refuses an envelope of another %s than the bus, in a queue too', async (_, forged, said) => {
    const message = `The event came as 'OrderPlaced' of 'shop.orders', but its envelope says ${said}`;
    await expect(handle({ ...envelope, ...forged })).rejects.toThrow(message);
    const Records = [{ messageId: 'm', body: JSON.stringify(incoming({ ...envelope, ...forged })) }];
    await expect(handler({ Records } as never, {} as Context)).rejects.toThrow(message);
    expect(heard).toEqual([]);
  });

  test.each([
    ['an empty id', { ...envelope, id: '' }],
    ['an empty source', { ...envelope, source: '' }],
    ['none', { total: 1 }],
  ])('gives what is in no envelope, with %s, one with the id of the bus', async (_, detail) => {
    await handle(detail);
    expect(heard).toEqual([['OrderPlaced', 'shop.orders', 'bus-1', detail]]);
  });

  test.each([
    's3://other/claims/shop.orders/e-1',
    's3://claims/claims/shop.billing/e-1',
    's3://claims/claims/shop.orders.eu/e-1',
  ])('refuses to fetch data at %s for an event of shop.orders', async (dataref) => {
    process.env.SUBSCRIPTION_CLAIMS = 'claims';
    await expect(handle({ ...envelope, data: undefined, dataref })).rejects.toThrow(
      `The data of 'OrderPlaced' are at ${dataref}, which is not where 'shop.orders' stores them in the hub's bucket`,
    );
    delete process.env.SUBSCRIPTION_CLAIMS;
  });
});

describe('against a bus', () => {
  let server: Server;
  const asked: { target: string; body: Record<string, unknown> }[] = [];
  let answers: (entries: { DetailType: string }[]) => object[] = () => [];
  const before = { ...process.env };

  beforeAll(async () => {
    server = createServer((request, response) => {
      let text = '';
      request.on('data', (part) => (text += String(part)));
      request.on('end', () => {
        const body = JSON.parse(text) as { Entries?: { DetailType: string }[] };
        asked.push({ target: String(request.headers['x-amz-target']).split('.')[1]!, body });
        response.setHeader('content-type', 'application/x-amz-json-1.1');
        response.end(JSON.stringify({ Entries: answers(body.Entries ?? []) }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'x',
      HUB: 'shop',
      HUB_PUBLISH_1: JSON.stringify({ source: 'shop.orders', types: ['A', 'B'] }),
      REPLAY: 'arn:aws:events:eu-west-1:111122223333:archive/a',
      REPLAY_BUS: 'arn:aws:events:eu-west-1:111122223333:event-bus/b',
      REPLAY_PREFIX: 'Shop-Hub-',
      REPLAY_RULES: JSON.stringify({ Search: 'arn:rule/search', Report: 'arn:rule/report' }),
    });
  });
  afterAll(async () => {
    process.env = before;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  beforeEach(() => asked.splice(0));

  test('tries again what the bus throttled, entry by entry, and throws on what it refuses', async () => {
    let throttled = 0;
    answers = (entries) =>
      entries.map(({ DetailType }, index) => {
        if (DetailType === 'B') return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
        return index === 0 && throttled++ < 2
          ? { ErrorCode: 'ThrottlingException', ErrorMessage: 'slow' }
          : { EventId: 'x' };
      });
    const events = ['A', 'B', 'A'].map((type, index) => ({ type, id: String(index), data: index }));
    const error = await publisher('HUB', { source: 'shop.orders' })
      .publish(events)
      .catch((one: unknown) => one);
    expect(error).toBeInstanceOf(PublishError);
    const { failed, published, message } = error as PublishError;
    expect(failed.map(({ event, code }) => [event.id, code])).toEqual([['1', 'MalformedDetail']]);
    expect(published.map(({ id }) => id)).toEqual(['0', '2']);
    expect(message).toBe('1 of 3 events were not published: B: MalformedDetail: Detail is malformed.');
    expect(asked.map(({ body }) => (body.Entries as object[]).length)).toEqual([3, 1, 1]);
  });

  test('gives up on what stays throttled', async () => {
    answers = (entries) => entries.map(() => ({ ErrorCode: 'ThrottlingException', ErrorMessage: 'slow' }));
    await expect(publisher('HUB', { source: 'shop.orders' }).publish({ type: 'A', data: 1 })).rejects.toThrow(
      '1 of 1 events were not published: A: ThrottlingException: slow',
    );
    expect(asked).toHaveLength(5);
  });

  test('refuses an event that is too large where there is no bucket for it, before anything is published', async () => {
    const events = [
      { type: 'A', data: 1 },
      { type: 'A', data: 'x'.repeat(300_000) },
    ];
    await expect(publisher('HUB', { source: 'shop.orders' }).publish(events)).rejects.toThrow(
      /'A' has 300\d\d\d bytes, more than the 262144 of the bus; give the hub a 'claimCheck', raise its 'maxEntrySize', or send less/,
    );
    expect(asked).toEqual([]);
  });

  test('starts a replay for the rules of these subscriptions and for no other', async () => {
    const [from, to] = [new Date('2026-01-01T08:00:00Z'), new Date('2026-01-01T09:00:00Z')];
    await replay('REPLAY').start('outage', { from, to, subscriptions: ['Search'] });
    expect(asked).toEqual([
      {
        target: 'StartReplay',
        body: {
          ReplayName: 'Shop-Hub-outage',
          EventSourceArn: process.env.REPLAY,
          EventStartTime: from.getTime() / 1000,
          EventEndTime: to.getTime() / 1000,
          Destination: { Arn: process.env.REPLAY_BUS, FilterArns: ['arn:rule/search'] },
        },
      },
    ]);
  });

  test.each<[string, Partial<Record<'from' | 'to' | 'subscriptions', unknown>>, string]>([
    ['an end that is not ten minutes ago', { to: new Date() }, 'The end of a replay must be at least ten minutes ago'],
    ['an end before the begin', { to: new Date(0) }, 'A replay must start before it ends'],
    [
      'a subscription that hears no replay',
      { subscriptions: ['Billing'] },
      "'Billing' cannot be replayed; name it in hub.replay([...])",
    ],
  ])('refuses %s', async (_, wrong, message) => {
    const request = { from: new Date('2026-01-01T08:00:00Z'), to: new Date('2026-01-01T09:00:00Z'), ...wrong };
    await expect(replay('REPLAY').start('x', request as never)).rejects.toThrow(message);
    await expect(replay('REPLAY').start('no name', { ...request, ...wrong } as never)).rejects.toThrow(RangeError);
  });
});
