import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type App, Duration, Size } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { WebhookReceiver, type WebhookReceiverProps } from 'lintel/aws';
import { type LocalRun, runLocally } from 'lintel/testing';
import { mutated } from '../../testing/local/mutated';
import { running, shop, stopRuns } from '../../testing/local/support';

const SECRET = 'whsec-1';
const OPTIONS = { timeScale: 600, secrets: { 'Shop/Secret': SECRET } };

let sources: string;
beforeAll(() => {
  sources = mkdtempSync(path.join(tmpdir(), 'lintel-webhook-run-'));
  const worker = `
    export const handler = async ({ Records }) => {
      if (Records.some(({ body }) => body.includes('broken'))) throw new Error('broken');
      for (const { body, messageAttributes: { 'X-GitHub-Event': event } } of Records) {
        console.log('got ' + Buffer.from(body).toString('base64url'));
        if (event) console.log('event ' + event.stringValue);
      }
      return { batchItemFailures: [] };
    };`;
  writeFileSync(path.join(sources, 'worker.ts'), worker);
});
afterAll(() => rmSync(sources, { recursive: true, force: true }));
afterEach(stopRuns);

const app = (props: Partial<WebhookReceiverProps> = {}): App =>
  shop(
    (stack) =>
      void new WebhookReceiver(stack, 'Payments', {
        handler: path.join(sources, 'worker.ts'),
        maxRequestSize: Size.kibibytes(2),
        maxAttempts: 2,
        ...props,
        signature: {
          ...(props.signature ?? { header: 'X-Signature' }),
          secret: new Secret(stack, 'Secret'),
        },
      }),
  );

const signed = (body: string, secret = SECRET) => createHmac('sha256', secret).update(body).digest('hex');
const post = (run: LocalRun, body: string, signature = signed(body), headers: Record<string, string> = {}) =>
  fetch(run.url, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', 'X-Signature': signature, ...headers },
  });
const got = (run: LocalRun) =>
  run
    .logs('Worker/Handler')
    .map(({ message }) => /got ([\w-]+)/.exec(message)?.[1])
    .filter((body) => body !== undefined)
    .map((body) => Buffer.from(body, 'base64url').toString());
const dead = (run: LocalRun) => run.queue('Payments/Worker/QueueDeadLetterQueue').messages();

describe.each(['worker', 'before-queue'] as const)('verified %s', (verify) => {
  const forged = verify === 'worker' ? 202 : 401;
  // One run for all: each waits until it is idle, and sees what has come since.
  let run: LocalRun;
  let seen: { readonly got: number; readonly dead: number };
  beforeAll(async () => {
    run = await runLocally(app({ verify, headers: ['X-GitHub-Event', 'X-GitHub-Delivery'] }), OPTIONS);
  });
  beforeEach(() => {
    seen = { got: got(run).length, dead: dead(run).length };
  });
  afterAll(() => run.stop());
  const gotNow = () => got(run).slice(seen.got);
  const deadNow = () => dead(run).slice(seen.dead);

  test('a signed request is answered 202 and reaches the handler, to the byte', async () => {
    expect(run.unsupported.filter(({ type }) => type.startsWith('AWS::ApiGateway'))).toEqual([]);
    const body = '{"text":"Grüße & 100 % = +1"}';
    const response = await post(run, body);
    expect([response.status, await response.json()]).toEqual([202, { status: 'accepted' }]);
    await run.idle();
    expect(gotNow()).toEqual([body]);
  });

  test('a forged request never reaches the handler', async () => {
    const response = await post(run, '{"amount":1}', signed('{"amount":1}', 'guessed'));
    expect(response.status).toBe(forged);
    await run.idle();
    expect(gotNow()).toEqual([]);
    expect(deadNow()).toEqual([]);
  });

  test('a request that is too large is answered 413', async () => {
    expect((await post(run, JSON.stringify({ text: 'x'.repeat(3000) }))).status).toBe(413);
    await run.idle();
    expect(gotNow()).toEqual([]);
  });

  test('a sender is answered 202 while the handler is broken, and nothing is lost', async () => {
    expect((await post(run, '{"is":"broken"}')).status).toBe(202);
    await run.idle();
    expect(deadNow()).toMatchObject([{ body: '{"is":"broken"}', receives: 2 }]);
  });

  test('the handler gets the headers that it names, under the names it gave, where they were sent', async () => {
    await post(run, '{"a":1}', signed('{"a":1}'), { 'X-GITHUB-event': 'push & pull', 'x-other': 'no' });
    await run.idle();
    expect(gotNow()).toEqual(['{"a":1}']);
    expect(
      run
        .logs('Worker/Handler')
        .map(({ message }) => message)
        .join(),
    ).toContain('event push & pull');
  });

  test('a request without the header of the signature never reaches the handler', async () => {
    const response = await fetch(run.url, { method: 'POST', body: '{}' });
    expect(response.status).toBe(forged);
    await run.idle();
    expect(gotNow()).toEqual([]);
  });
});

test('an event that failed for days is worked on after its redrive, though it was signed long before', async () => {
  const tolerance = Duration.seconds(2);
  const run = await running(
    app({ signature: { header: 'X-Signature', secret: undefined as never, tolerance, timestampHeader: 'X-Time' } }),
    OPTIONS,
  );
  const at = String(Math.floor(Date.now() / 1000));
  expect((await post(run, '{"is":"broken"}', signed(`${at}.{"is":"broken"}`), { 'X-Time': at })).status).toBe(202);
  await run.idle();
  expect(dead(run)).toHaveLength(1);
  expect(dead(run)[0]!.attributes['lintel.receivedAt']).toMatch(/^\d{13}$/);
  await new Promise((resolve) => setTimeout(resolve, 2500));
  run.queue('Payments/Worker/QueueDeadLetterQueue').redrive();
  await run.idle();
  expect(
    run
      .logs('Worker/Handler')
      .map(({ message }) => message)
      .join(),
  ).not.toContain('webhook dropped');
  expect(dead(run)).toHaveLength(1);
});

describe('challenges', () => {
  const early = { verify: 'before-queue' } as const;

  test("answers Slack's, when it is signed, and puts it into no queue", async () => {
    const run = await running(app({ ...early, challenge: 'slack' }), OPTIONS);
    const body = '{"type":"url_verification","challenge":"3eZbrw1aBm2r"}';
    const response = await post(run, body);
    expect([response.status, await response.text()]).toEqual([200, '3eZbrw1aBm2r']);
    expect((await post(run, body, signed(body, 'guessed'))).status).toBe(401);
    await run.idle();
    expect(got(run)).toEqual([]);
  });

  test("answers Meta's, when its token is the one in the secret", async () => {
    const secrets = { 'Shop/Secret': { app: SECRET, verifyToken: 'mine' } };
    const run = await running(
      app({ ...early, challenge: 'meta', signature: { preset: 'meta', field: 'app' } as never }),
      {
        ...OPTIONS,
        secrets,
      },
    );
    const ask = (token: string) =>
      fetch(`${run.url}?hub.mode=subscribe&hub.verify_token=${token}&hub.challenge=1158201444`);
    const answer = await ask('mine');
    expect([answer.status, await answer.text(), answer.headers.get('content-type')]).toEqual([
      200,
      '1158201444',
      'text/plain',
    ]);
    expect((await ask('guessed')).status).toBe(403);
  });

  test('a sender whose address is signed reaches the handler', async () => {
    const run = await running(
      app({ signature: { preset: 'twilio', url: 'https://hooks.example.com/sms' } as never }),
      OPTIONS,
    );
    const sign = (text: string) => createHmac('sha1', SECRET).update(text).digest('base64');
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'X-Twilio-Signature': sign('https://hooks.example.com/smsBodyhi thereFrom+1'),
    };
    await post(run, 'From=%2B1&Body=hi+there', '', headers);
    await run.idle();
    expect(got(run)).toEqual(['From=%2B1&Body=hi+there']);
  });
});

test('refuses another media type with 415', async () => {
  const run = await running(app(), OPTIONS);
  expect((await post(run, '<a/>', signed('<a/>'), { 'content-type': 'application/xml' })).status).toBe(415);
});

test('without the grant of its role, the API answers 503 and the queue stays empty', async () => {
  const directory = mutated(app(), 'AWS::IAM::Policy', (properties) => {
    const { Statement } = properties.PolicyDocument as { Statement: { Action: unknown }[] };
    properties.PolicyDocument = { Statement: Statement.filter(({ Action }) => Action !== 'sqs:SendMessage') };
  });
  const run = await running(directory, OPTIONS);
  expect((await post(run, '{}')).status).toBe(503);
  expect(run.queue('Payments/Worker/Queue').messages()).toEqual([]);
});
