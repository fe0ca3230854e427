import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventPoster } from 'lintel/runtime';
import { PRESETS } from '../../../lib/aws/webhook/presets';
import { signatureFault as receiverFault } from '../../../lib/aws/webhook/signature';
import { cloudEvent } from '../../../lib/runtime/events/cloud-event';
import { sign, signatureFault } from '../../../lib/runtime/events/signature';

const SECRET = `whsec_${Buffer.from('0123456789abcdefghijklmn').toString('base64')}`;
const making = { source: 'shop.orders', id: 'o/1 ä', now: new Date() };
const event = cloudEvent({ type: 'OrderPlaced', data: { text: 'ä€' } }, making);

const asked: { headers: IncomingHttpHeaders; body: string; path: string }[] = [];
let status = 202;
let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      asked.push({ headers: request.headers, body, path: request.url! });
      if (request.url === '/slow') return;
      response.writeHead(status, { location: '/elsewhere' }).end('said');
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  asked.splice(0);
  status = 202;
});

test('an event is posted as it is, signed as a receiver of Standard Webhooks checks it', async () => {
  await eventPoster({ url, secret: async () => SECRET })(event);
  const [{ headers, body } = asked[0]!] = asked;
  expect(JSON.parse(body)).toEqual(event);
  expect(headers['content-type']).toBe('application/cloudevents+json');
  const request = {
    body,
    id: headers['webhook-id'] as string,
    timestamp: headers['webhook-timestamp'] as string,
    signature: headers['webhook-signature'] as string,
    receivedAt: Date.now() / 1000,
  };
  expect(receiverFault(PRESETS['standard-webhooks'], SECRET, request)).toBeUndefined();
  expect(receiverFault(PRESETS['standard-webhooks'], SECRET, { ...request, body: `${body} ` })).toBeDefined();
});

test('each attempt has the id of the event, and no other event has it', async () => {
  const post = eventPoster({ url, secret: SECRET });
  await post(event);
  await post(event);
  await post({ ...event, source: 'shop.returns' });
  const [first, second, other] = asked.map(({ headers }) => headers['webhook-id']);
  expect(second).toBe(first);
  expect(other).not.toBe(first);
  expect(first).toMatch(/^msg_[0-9a-f]{32}$/);
});

test.each([500, 429, 403, 307])('what is answered with %i comes again, and is sent nowhere else', async (answer) => {
  status = answer;
  await expect(eventPoster({ url, secret: SECRET })(event)).rejects.toThrow(`answered ${answer} said`);
  expect(asked.map(({ path }) => path)).toEqual(['/events']);
});

test('who does not answer in time is given up', async () => {
  const slow = url.replace('/events', '/slow');
  await expect(eventPoster({ url: slow, secret: SECRET, timeout: 50 })(event)).rejects.toMatchObject({
    name: 'TimeoutError',
  });
});

test.each(['', 'c2hvcnQ=', 'whsec_c2hvcnQ=', 'not base64!'])('refuses %j as a key', async (secret) => {
  await expect(eventPoster({ url, secret })(event)).rejects.toThrow('The secret must be base64 of at least 24 bytes');
  expect(asked).toEqual([]);
});

test.each(['http://hooks.example.com/', 'http://127.0.0.1.example.com/', 'hooks.example.com', ''])(
  'refuses to post to %j',
  (to) => {
    const message = `Events must be posted to a URL that starts with https://, got '${to}'`;
    expect(() => eventPoster({ url: to, secret: SECRET })).toThrow(message);
    expect(() => eventPoster({ url: 'https://hooks.example.com/', secret: SECRET })).not.toThrow();
  },
);

describe('a signature', () => {
  const at = new Date(1_614_265_330_000);
  const body = '{"test": 2432232314}';
  const signed = () => sign({ id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', body, at }, 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
  const check = async (change: Record<string, string> = {}, when = at) =>
    signatureFault(
      { headers: new Headers({ ...(await signed()), ...change }), body, at: when },
      'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    );

  test('is that of the specification’s example, and one of several is enough', async () => {
    const { 'webhook-signature': own } = await signed();
    expect(own).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
    expect(await check()).toBeUndefined();
    expect(await check({ 'webhook-signature': `v1,AAAA v1a,x ${own}` })).toBeUndefined();
  });

  test.each<[string, Record<string, string>, number, string]>([
    ['of another message', { 'webhook-id': 'msg_other' }, 0, 'its signature is wrong'],
    ['of another version', { 'webhook-signature': 'v1a,AAAA' }, 0, 'its signature is wrong'],
    ['that is no base64', { 'webhook-signature': 'v1,%%%' }, 0, 'its signature is wrong'],
    ['without a time', { 'webhook-timestamp': 'now' }, 0, 'it has no time of signing'],
    ['of six minutes ago', {}, 360, 'it was signed too long ago, or in the future'],
    ['of the future', {}, -360, 'it was signed too long ago, or in the future'],
    ['that is not there', { 'webhook-signature': '' }, 0, 'it is not signed'],
  ])('refuses one %s', async (_, change, later, fault) => {
    expect(await check(change, new Date(at.getTime() + later * 1000))).toBe(fault);
  });
});
