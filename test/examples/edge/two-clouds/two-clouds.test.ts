import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App } from 'aws-cdk-lib';
import { cloudEvent } from '../../../../lib/runtime/events/cloud-event';
import { sign } from '../../../../lib/runtime/events/signature';
import { type EdgeRun, type LocalRun, runEdgeLocally, runLocally } from 'lintel/testing';
import { PaymentsStack } from '../../../../examples/edge/two-clouds/payments-stack';
import { twoClouds } from '../../../../examples/edge/two-clouds/two-clouds';
import { inDirectory } from '../in-directory';
import { until } from '../until';

const SECRET = `whsec_${Buffer.from('k'.repeat(32)).toString('base64')}`;
const directory = mkdtempSync(path.join(tmpdir(), 'two-clouds-'));
let aws: LocalRun;
let edge: EdgeRun;
const logged: string[] = [];
/** Whether the edge reaches AWS; what does not get there has to wait. */
let reachable = true;

beforeAll(async () => {
  edge = await inDirectory('examples/edge/two-clouds', () =>
    runEdgeLocally(() => twoClouds(SECRET), {
      config: { 'cloudflare:accountId': 'account' },
      secrets: { SECRET },
      outputs: { 'payments/payments-stack.outputs/Webhook': 'https://hooks.example.com/' },
      timeScale: 100,
      onLog: ({ message }) => logged.push(message),
      outbound: async (request) => {
        if (!reachable) return new Response('down', { status: 503 });
        const { headers } = request;
        return fetch(aws.url, { method: 'POST', headers, body: await request.text() });
      },
    }),
  );
  const app = new App({ outdir: path.join(directory, 'cdk.out'), builtinCloudFormationValidation: false });
  new PaymentsStack(app, 'Payments', { edge: edge.worker('shop-from-aws').url });
  aws = await runLocally(app, { timeScale: 300, secrets: { 'shop/edge-key': SECRET } });
}, 60_000);
afterAll(async () => {
  await edge?.stop();
  await aws?.stop();
  rmSync(directory, { recursive: true });
});

const place = (orderId: string, total = 10) =>
  edge.worker('api').fetch('/orders', { method: 'POST', body: JSON.stringify({ orderId, total }) });
const stateOf = async (id: string) =>
  (await edge.database('db').query('SELECT state FROM orders WHERE id = ?', id))[0]?.state;
const totals = () => edge.database('db').query('SELECT orders, total FROM totals');
const paid = (id: string) =>
  until(
    () => stateOf(id),
    (state) => state === 'paid',
    15,
  );

test('everything in the program has its place', () => {
  expect(edge.unsupported.filter(({ type }) => !type.startsWith('aws:'))).toEqual([]);
  expect(aws.unsupported.filter(({ reason }) => !reason.startsWith('expired items'))).toEqual([]);
});

test('an order that is placed at the edge is paid on AWS, and the edge hears of it', async () => {
  expect((await place('o-1')).status).toBe(202);
  await paid('o-1');
  expect(await totals()).toEqual([{ orders: 1, total: 10 }]);
}, 30_000);

test('an event that is published twice is worked on once, on both clouds', async () => {
  await Promise.all([place('o-2'), place('o-2'), place('o-2')]);
  await paid('o-2');
  await edge.idle({ timeout: 20_000 });
  await aws.idle({ timeout: 20_000 });
  expect(await totals()).toEqual([{ orders: 2, total: 20 }]);
}, 60_000);

test('what AWS does not take at the time comes again', async () => {
  reachable = false;
  await place('o-3');
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(await stateOf('o-3')).toBe('placed');
  reachable = true;
  await paid('o-3');
}, 30_000);

test('poison waits in the dead-letter queue of the subscriber that fails on it, on either cloud; the others got it', async () => {
  await place('poison-1');
  await place('o-4', 200_000);
  await paid('poison-1');
  await edge.idle({ timeout: 20_000 });
  const waiting = await edge.queue('shop-totals-dead-letter-queue').messages();
  expect(waiting).toEqual([expect.objectContaining({ type: 'OrderPlaced', id: 'poison-1' })]);
  await aws.idle({ timeout: 20_000 });
  const [dead] = aws.queue('Hub/Charges/Worker/QueueDeadLetterQueue').messages();
  expect((JSON.parse(dead!.body) as { detail: unknown }).detail).toMatchObject({ id: 'o-4', source: 'shop.orders' });
  expect(await stateOf('o-4')).toBe('placed');
}, 60_000);

describe('what comes from outside', () => {
  const making = { source: 'shop.payments', id: 'forged', now: new Date() };
  const post = async (
    event: unknown,
    { secret = SECRET, at = new Date(), type = 'application/cloudevents+json', change = '' } = {},
  ) => {
    const body = JSON.stringify(event);
    const signed = await sign({ id: 'msg_1', body, at }, secret);
    return edge.worker('shop-from-aws').fetch('/', {
      method: 'POST',
      headers: { 'content-type': type, ...signed },
      body: body + change,
    });
  };
  const payment = cloudEvent({ type: 'PaymentTaken', data: { orderId: 'o-4' } }, making);

  test('is taken where it is signed and agreed', async () => {
    expect((await post(payment)).status).toBe(202);
    await paid('o-4');
  });

  test.each<[string, number, () => Promise<Response>]>([
    ['with another key', 401, () => post(payment, { secret: Buffer.from('x'.repeat(32)).toString('base64') })],
    ['changed on the way', 401, () => post(payment, { change: ' ' })],
    ['signed ten minutes ago', 401, () => post(payment, { at: new Date(Date.now() - 600_000) })],
    ['of another type', 403, () => post({ ...payment, type: 'PaymentRefunded' })],
    ['of another source', 403, () => post({ ...payment, source: 'shop.orders', type: 'OrderPlaced' })],
    ['without an envelope', 400, () => post({ hello: 1 })],
    ['in another format', 415, () => post(payment, { type: 'application/json' })],
    ['larger than an event', 413, () => post({ ...payment, data: 'x'.repeat(130_000) })],
  ])('refuses an event %s', async (_, status, send) => {
    expect((await send()).status).toBe(status);
  });

  test('refuses what is not signed, and what is not posted', async () => {
    const worker = edge.worker('shop-from-aws');
    const headers = { 'content-type': 'application/cloudevents+json' };
    expect((await worker.fetch('/', { method: 'POST', headers, body: JSON.stringify(payment) })).status).toBe(401);
    expect((await worker.fetch('/')).status).toBe(405);
  });
});
