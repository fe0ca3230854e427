import { createHmac } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { App, Size } from 'aws-cdk-lib';
import { type LocalRun, runLocally } from 'lintel/testing';
import { PaymentsStack } from '../../../examples/aws/payments-webhook/payments-stack';
import { paymentOf } from '../../../examples/aws/payments-webhook/src/payments';

const SECRET = 'whsec_for_tests';
const event = (id: string, type = 'payment.succeeded') =>
  JSON.stringify({ id, type, data: { orderId: 'o1', amount: 499 } });

test('events of another kind are no payments', () => {
  expect(paymentOf(event('evt_1', 'payment.refunded'))).toBeUndefined();
});

describe('run locally', () => {
  let run: LocalRun;
  let stack: PaymentsStack;

  beforeAll(async () => {
    const app = new App({ builtinCloudFormationValidation: false });
    stack = new PaymentsStack(app, 'Payments');
    run = await runLocally(app, { timeScale: 300, secrets: { 'payments/signing-secret': SECRET } });
  }, 30_000);
  afterAll(() => run.stop());

  function post(body: string, signature?: string): Promise<Response> {
    const headers = { 'content-type': 'application/json', ...(signature && { 'Stripe-Signature': signature }) };
    return fetch(`${run.url}/`, { method: 'POST', headers, body });
  }

  function signed(body: string, { secret = SECRET, at = Math.floor(Date.now() / 1000) } = {}): Promise<Response> {
    const signature = createHmac('sha256', secret).update(`${at}.${body}`).digest('hex');
    return post(body, `t=${at},v1=${signature}`);
  }

  async function payments(): Promise<string[]> {
    await run.idle({ timeout: 15_000 });
    const table = DynamoDBDocumentClient.from(run.client(DynamoDBClient));
    const { Items = [] } = await table.send(new ScanCommand({ TableName: run.nameOf(stack.payments) }));
    return Items.map(({ id }) => String(id)).sort();
  }

  test('answers 202, and records each payment once', async () => {
    const answers = await Promise.all([signed(event('evt_1')), signed(event('evt_1')), signed(event('evt_2'))]);
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
    await expect(payments()).resolves.toEqual(['evt_1', 'evt_2']);
  }, 30_000);

  test('drops what is forged or old, and says so in the log, not in the dead-letter queue', async () => {
    expect((await signed(event('evt_3'), { secret: 'guessed' })).status).toBe(202);
    expect((await signed(event('evt_4'), { at: 1_700_000_000 })).status).toBe(202);
    await expect(payments()).resolves.toEqual(['evt_1', 'evt_2']);
    const log = run
      .logs(stack.receiver.worker.handler)
      .map(({ message }) => message)
      .join('\n');
    expect(log).toContain('webhook dropped: its signature is wrong');
    expect(log).toContain('webhook dropped: it was signed too long ago');
    expect(run.queue(stack.receiver.worker.deadLetterQueue!).depth().visible).toBe(0);
  }, 30_000);

  test('takes what has no signature, to drop it, and refuses what is too large or of another type', async () => {
    expect((await post(event('evt_5'))).status).toBe(202);
    // API Gateway makes `{}` of an empty body, which the signature does not fit.
    expect((await signed('')).status).toBe(202);
    expect((await signed(event('x'.repeat(Size.kibibytes(257).toBytes())))).status).toBe(413);
    const headers = { 'content-type': 'image/png', 'Stripe-Signature': 't=1,v1=00' };
    expect((await fetch(`${run.url}/`, { method: 'POST', headers, body: 'x' })).status).toBe(415);
  });

  test('keeps what is signed and cannot be worked on in the dead-letter queue', async () => {
    expect((await signed('no JSON')).status).toBe(202);
    await run.idle({ timeout: 15_000 });
    expect(
      run
        .queue(stack.receiver.worker.deadLetterQueue!)
        .messages()
        .map(({ body }) => body),
    ).toEqual(['no JSON']);
  }, 30_000);
});
