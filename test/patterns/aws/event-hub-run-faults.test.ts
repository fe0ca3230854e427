import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Duration, Size } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { EventHub, ServiceFunction } from 'lintel/aws';
import { type LocalRun, runLocally } from 'lintel/testing';
import { running, shop, stopRuns } from '../../testing/local/support';

const handlers = path.join(__dirname, '../../handlers/hub');
const SUBSCRIBE = { entry: path.join(handlers, 'subscribe.ts'), timeout: Duration.seconds(10) };

let directory: string;
let template: string;
beforeAll(() => {
  const app = shop((stack) => {
    const hub = new EventHub(stack, 'Hub', {
      encryptionKey: new Key(stack, 'Key'),
      maxEntrySize: Size.kibibytes(1020),
    });
    const access = { HUB: hub.publish({ source: 'shop.orders', types: ['OrderPlaced'] }) };
    new ServiceFunction(stack, 'Orders', { entry: path.join(handlers, 'publish.ts'), access });
    hub.subscribe('Billing', {
      types: ['OrderPlaced'],
      detail: { data: { id: [{ 'anything-but': ['not-for-billing'] }] } },
      maxHops: 5,
      handler: SUBSCRIBE,
      maxAttempts: 3,
    });
    hub.subscribe('Direct', { types: ['OrderPlaced'], handler: SUBSCRIBE, buffer: 'none', maxAttempts: 2 });
  });
  directory = app.synth().directory;
  template = readFileSync(path.join(directory, 'Shop.template.json'), 'utf8');
});
afterEach(stopRuns);

type Resource = Readonly<{ Type: string; Properties: Record<string, unknown> }>;
type Resources = Record<string, Resource>;

/** The resources of a type whose id begins so. */
const found = (all: Resources, type: string, id = '') =>
  Object.entries(all).filter(([name, { Type }]) => Type === type && name.startsWith(id));

const OPTIONS = { timeScale: 600, disorder: 0, maxEnvironments: 1 };

/** The directory of the shop as it was synthesized, but for one thing. */
function changed(change: (all: Resources) => void): string {
  const all = JSON.parse(template) as { Resources: Resources };
  change(all.Resources);
  writeFileSync(path.join(directory, 'Shop.template.json'), JSON.stringify(all));
  return directory;
}
const runOf = (change: (all: Resources) => void) => running(changed(change), OPTIONS);

/** What becomes of six events that are allowed, one not for billing, one after too many hops, one poison, and of two that are not. */
async function outcomeOf(run: LocalRun) {
  const ids = ['a', 'b', 'c', 'far', 'not-for-billing', 'poison'];
  const ours = (id: string | undefined): id is string => id !== undefined && ids.includes(id);
  const events = ids.map((id) => ({
    type: 'OrderPlaced',
    data: { id, poison: id === 'poison' },
    ...(id === 'far' ? { hops: 6 } : id === 'c' && { hops: 5 }),
  }));
  const allowed = await run.invoke<{ published: string[] }>('Orders', { events });
  const type = await run.invoke<{ error?: string }>('Orders', { events: { type: 'OrderReturned', data: {} } });
  const source = await run.invoke<{ error?: string }>('Orders', { source: 'shop.billing', events: events[0] });
  await run.idle({ timeout: 20_000 });
  const worked = (name: string) =>
    run
      .logs(name)
      .map(({ message }) => /worked on (\S+)/.exec(message)?.[1])
      .filter(ours)
      .sort()
      .join();
  const dead = (name: string) => {
    const bodies = run
      .queue(name)
      .messages()
      .map(({ body }) => JSON.parse(body) as { detail: { data: { id: string } } });
    return bodies
      .map(({ detail }) => detail.data.id)
      .filter(ours)
      .sort()
      .join();
  };
  return {
    published: allowed.published.length,
    denied: [type.error, source.error].filter((error) => error === 'PublishError').length,
    billing: worked('Hub/Billing/Worker/Handler'),
    billingDead: dead('Hub/Billing/Worker/QueueDeadLetterQueue'),
    direct: worked('Hub/Direct/Handler'),
    directDead: dead('Hub/Direct/DeadLetterQueue'),
  };
}

const GOOD = {
  published: 6,
  denied: 2,
  billing: 'a,b,c',
  billingDead: 'poison',
  direct: 'a,b,c,far,not-for-billing',
  directDead: 'poison',
};

/** How often a function works on an event that comes so often, by one replay or another or by none. */
async function timesOf(run: LocalRun, id: string, ...replays: (string | undefined)[]): Promise<number> {
  const event = (replay?: string) => ({
    version: '0',
    id: `delivered-${id}`,
    source: 'shop.orders',
    'detail-type': 'OrderPlaced',
    time: '2026-01-01T00:00:00Z',
    detail: { specversion: '1.0', id, source: 'shop.orders', type: 'OrderPlaced', data: { id } },
    ...(replay !== undefined && { 'replay-name': replay }),
  });
  for (const replay of replays) await run.invoke('Hub/Direct/Handler', event(replay));
  return run.logs('Hub/Direct/Handler').filter(({ message }) => message.includes(`worked on ${id} `)).length;
}

describe('the template as it is', () => {
  let run: LocalRun;
  beforeAll(async () => {
    run = await runLocally(
      changed(() => undefined),
      OPTIONS,
    );
  });
  afterAll(() => run.stop());

  test('every event is worked on, or waits in a dead-letter queue, and what is not declared is denied', async () => {
    expect(await outcomeOf(run)).toEqual(GOOD);
  });

  test('an event as large as the hub says reaches queue and function, and waits in a dead-letter queue; a larger one is refused', async () => {
    const event = (id: string, bytes: number, poison = false) => ({
      type: 'OrderPlaced',
      data: { id, poison, text: 'x'.repeat(bytes) },
    });
    const most = Size.kibibytes(1020).toBytes() - 410;
    await run.invoke('Orders', { events: [event('large', most), event('large-poison', most, true)] });
    expect(await run.invoke('Orders', { events: event('larger', most + 410) })).toMatchObject({
      error: 'RangeError',
      message: expect.stringContaining('more than the 1044480 of the bus') as string,
    });
    await run.idle({ timeout: 20_000 });
    for (const handler of ['Hub/Billing/Worker/Handler', 'Hub/Direct/Handler'])
      expect(run.logs(handler).some(({ message }) => message.includes('worked on large '))).toBe(true);
    for (const queue of ['Hub/Billing/Worker/QueueDeadLetterQueue', 'Hub/Direct/DeadLetterQueue'])
      expect(
        run
          .queue(queue)
          .messages()
          .some(({ body }) => body.includes('"id":"large-poison"')),
      ).toBe(true);
  });

  test('a replay is passed by', async () => {
    expect(await timesOf(run, 'o-1', undefined, 'first', undefined)).toBe(1);
  });
});

/** Takes the statement out of a queue's policy by which EventBridge may send. */
function shutOut(all: Resources, id: string): void {
  for (const [, { Properties }] of found(all, 'AWS::SQS::QueuePolicy', id)) {
    const document = Properties.PolicyDocument as { Statement: { Effect: string }[] };
    document.Statement = document.Statement.filter(({ Effect }) => Effect !== 'Allow');
  }
}

/** Takes out a part of the pattern of the rule for billing. */
function withoutPart(all: Resources, part: 'data' | 'hops'): void {
  for (const [, { Properties }] of found(all, 'AWS::Events::Rule', 'HubBilling'))
    delete (Properties.EventPattern as { detail: Record<string, unknown> }).detail[part];
}

function publishing(all: Resources): Record<string, Record<string, unknown>> {
  const policies = found(all, 'AWS::IAM::Policy', 'OrdersRole').map(([, { Properties }]) => Properties.PolicyDocument);
  const statements = policies.flatMap((one) => (one as { Statement: Record<string, unknown>[] }).Statement);
  return statements.find(({ Action }) => Action === 'events:PutEvents')!.Condition as Record<
    string,
    Record<string, unknown>
  >;
}

test.each<[string, (all: Resources) => void, Partial<typeof GOOD>]>([
  [
    'the condition on the source',
    (all) => delete publishing(all)['ForAllValues:StringEquals']!['events:source'],
    { denied: 1, billing: 'a,a,b,c', direct: 'a,a,b,c,far,not-for-billing' },
  ],
  [
    'the policies of the queue and of its dead-letter queue: everything is lost',
    (all) => shutOut(all, 'HubBillingWorkerQueue'),
    { billing: '', billingDead: '' },
  ],
  [
    'the dead-letter queue of the rule, where the queue does not let it in',
    (all) => {
      shutOut(all, 'HubBillingWorkerQueuePolicy');
      for (const [, { Properties }] of found(all, 'AWS::Events::Rule', 'HubBilling'))
        for (const target of Properties.Targets as Record<string, unknown>[]) delete target.DeadLetterConfig;
    },
    { billing: '', billingDead: '' },
  ],
  [
    'the statement of the key by which EventBridge may use it: everything is lost, but what Lambda gave up',
    (all) =>
      found(all, 'AWS::KMS::Key').forEach(([, { Properties }]) => {
        const policy = Properties.KeyPolicy as { Statement: { Principal: { Service?: string } }[] };
        policy.Statement = policy.Statement.filter(({ Principal }) => Principal.Service === undefined);
      }),
    { billing: '', billingDead: '' },
  ],
  [
    'the condition of that statement, of another bus',
    (all) =>
      found(all, 'AWS::KMS::Key').forEach(([, { Properties }]) => {
        const { Statement } = Properties.KeyPolicy as { Statement: { Condition?: Record<string, object> }[] };
        for (const { Condition } of Statement)
          if (Condition) Condition.ArnLike = { 'aws:SourceArn': 'arn:aws:events:*:*:rule/other/*' };
      }),
    { billing: '', billingDead: '' },
  ],
  // Those on the way to the one subscription change nothing of the other.
  [
    'the condition on the type, and the bound of the hops',
    (all) => {
      delete publishing(all)['ForAllValues:StringEquals']!['events:detail-type'];
      withoutPart(all, 'hops');
    },
    { denied: 1, billing: 'a,b,c,far' },
  ],
  [
    'the pattern of the data, and the permission on the function',
    (all) => {
      withoutPart(all, 'data');
      found(all, 'AWS::Lambda::Permission', 'HubDirect').forEach(([id]) => delete all[id]);
    },
    { billing: 'a,b,c,not-for-billing', direct: '', directDead: 'a,b,c,far,not-for-billing,poison' },
  ],
  [
    'the policy of the queue: everything waits, without a retry; and the dead-letter queue of the function',
    (all) => {
      shutOut(all, 'HubBillingWorkerQueuePolicy');
      for (const [, { Properties }] of found(all, 'AWS::Lambda::Function', 'HubDirect'))
        delete Properties.DeadLetterConfig;
    },
    { billing: '', billingDead: 'a,b,c,poison', directDead: '' },
  ],
])('a template without %s', async (_, change, differs) => {
  const run = await runOf(change);
  expect(await outcomeOf(run)).toEqual({ ...GOOD, ...differs });
});

test('a subscriber that is down for longer than its attempts loses nothing, nor one that is throttled', async () => {
  const run = await runOf((all) => {
    // It can reach its table no more, and fails on whatever comes.
    for (const [, { Properties }] of found(all, 'AWS::IAM::Policy', 'HubBillingWorkerHandlerRole')) {
      const document = Properties.PolicyDocument as { Statement: { Action: unknown }[] };
      document.Statement = document.Statement.filter(({ Action }) => !JSON.stringify(Action).includes('dynamodb:'));
    }
    for (const [, { Properties }] of found(all, 'AWS::Lambda::Function', 'HubDirectHandler'))
      Properties.ReservedConcurrentExecutions = 1;
  });
  expect(await outcomeOf(run)).toEqual({ ...GOOD, billing: '', billingDead: 'a,b,c,poison' });
});

test('a replay is worked on once for each replay, where the subscription says so', async () => {
  const run = await runOf((all) => {
    for (const [, { Properties }] of found(all, 'AWS::Lambda::Function', 'HubDirect'))
      (Properties.Environment as { Variables: Record<string, unknown> }).Variables.SUBSCRIPTION_REPLAYS = 'process';
  });
  expect(await timesOf(run, 'o-1', undefined, 'first', 'first', 'second', undefined)).toBe(3);
});
