import { request } from 'node:http';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Stack } from 'aws-cdk-lib';
import { CfnApi, CfnStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { LocalRun } from 'lintel/testing';
import { Sha256 } from '../services/api-gateway/signed';
import { inline, running, shop, stopRuns } from '../support';

const ENVIRONMENT = `exports.handler = async () => ({
  accessKeyId: process.env.AWS_ACCESS_KEY_ID,
  secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY,
  sessionToken: process.env.AWS_SESSION_TOKEN,
});`;

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

function stack(stack: Stack): void {
  const secret = new Secret(stack, 'Token');
  secret.grantRead(inline(stack, 'Reader', ENVIRONMENT));
  inline(stack, 'Stranger', ENVIRONMENT);
  new Queue(stack, 'Jobs');
  const api = new CfnApi(stack, 'Api', { name: 'api', protocolType: 'HTTP' });
  new CfnStage(stack, 'Stage', { apiId: api.ref, stageName: '$default', autoDeploy: true });
}

let run: LocalRun;
let keys: Keys;
beforeAll(async () => {
  run = await running(shop(stack));
  keys = await run.invoke<Keys>('Reader');
});
afterAll(stopRuns);

const read = (credentials: Keys) =>
  new SecretsManagerClient({ ...run.clientConfig, credentials }).send(
    new GetSecretValueCommand({ SecretId: run.nameOf('Token') }),
  );
const usedBy = (name: string) => run.report().functions.find((fn) => fn.function === `Shop/${name}`)!.used;

test('the keys of a function open what its role may read', async () => {
  expect((await read(keys)).SecretString).toHaveLength(32);
  expect(usedBy('Reader')).toMatchObject([{ action: 'secretsmanager:GetSecretValue', count: 1 }]);
});

test.each<[string, Partial<Keys>, string]>([
  ['another secret', { secretAccessKey: 'guessed' }, 'InvalidSignatureException'],
  ['another token', { sessionToken: 'guessed' }, 'UnrecognizedClientException'],
  [
    'no token, as a client has that was given the two keys alone',
    { sessionToken: undefined },
    'UnrecognizedClientException',
  ],
  ['another key', { accessKeyId: 'ASIAAAAAAAAAAAAAAAAA' }, 'UnrecognizedClientException'],
])('refuses the key of a function with %s, and books it to nobody', async (_, forged, code) => {
  const before = run.report().functions;
  await expect(read({ ...keys, ...forged })).rejects.toMatchObject({ name: code });
  expect(run.report().functions).toEqual(before);
});

test('the keys of one run are not those of the next', async () => {
  const next = await running(shop((other) => void inline(other, 'Reader', ENVIRONMENT)));
  const others = await next.invoke<Keys>('Reader');
  expect(Object.keys(keys).filter((name) => keys[name as keyof Keys] === others[name as keyof Keys])).toEqual([]);
});

/** A signed call of SQS, as it goes over the wire. */
async function signedCall(
  body: string,
  signingDate = new Date(),
): Promise<{ headers: Record<string, string>; body: string }> {
  const { host } = new URL(run.clientConfig.endpoint);
  const { region, credentials } = run.clientConfig;
  const signer = new SignatureV4({ service: 'sqs', region, credentials, sha256: Sha256 });
  const headers = { host, 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.ListQueues' };
  const [hostname = '', port] = host.split(':');
  const message = {
    method: 'POST',
    protocol: 'http:',
    hostname,
    port: Number(port),
    path: '/',
    headers,
    body,
    query: {},
  };
  return { headers: (await signer.sign(message, { signingDate })).headers, body };
}

const post = async ({ headers, body }: { headers: Record<string, string>; body: string }) => {
  const response = await fetch(run.clientConfig.endpoint, { method: 'POST', headers, body });
  return { status: response.status, body: await response.text() };
};

test('refuses a body that is not the one that was signed', async () => {
  expect(await post(await signedCall('{}'))).toMatchObject({ status: 200 });
  const changed = { ...(await signedCall('{}')), body: '{"MaxResults":1}' };
  expect(await post(changed)).toMatchObject({
    status: 400,
    body: expect.stringContaining('InvalidSignature') as string,
  });
});

test('refuses a request that is older than five minutes', async () => {
  const old = await signedCall('{}', new Date(Date.now() - 301_000));
  expect(await post(old)).toMatchObject({ status: 400, body: expect.stringContaining('Signature expired') as string });
});

test('refuses a request without a signature', async () => {
  const { headers, body } = await signedCall('{}');
  const { authorization: _, ...rest } = headers;
  const answer = await post({ headers: rest, body });
  expect(answer).toMatchObject({ status: 400, body: expect.stringContaining('MissingAuthenticationToken') as string });
});

test('an unsigned sign-in with Cognito is not served, by its name', async () => {
  const headers = { 'x-amz-target': 'AWSCognitoIdentityProviderService.InitiateAuth' };
  expect(await post({ headers, body: '{}' })).toMatchObject({ status: 501 });
  expect(run.report().unsupportedCalls).toContainEqual({
    caller: 'unsigned',
    service: 'cognito-idp',
    operation: 'InitiateAuth',
    count: 1,
  });
});

/** The status of a request under some host name. */
function statusFor(url: string, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    request(url, { headers: { host } }, (response) => resolve(response.resume().statusCode ?? 0))
      .on('error', reject)
      .end();
  });
}

test('refuses requests to a host name of somebody else, on every port', async () => {
  for (const url of [run.clientConfig.endpoint, run.url]) {
    const { port } = new URL(url);
    expect(await statusFor(url, `rebound.example.com:${port}`)).toBe(421);
    expect(await statusFor(url, `127.0.0.1.example.com:${port}`)).toBe(421);
    for (const own of ['127.0.0.1', 'localhost', '[::1]', 'files.localhost']) {
      expect(await statusFor(url, `${own}:${port}`)).not.toBe(421);
    }
  }
});

test('reads the host and the path of a target with both, as clients send to proxies', async () => {
  const { host } = new URL(run.url);
  const statusOf = (path: string) =>
    new Promise<number>((resolve, reject) => {
      request(run.url, { path }, (response) => resolve(response.resume().statusCode ?? 0))
        .on('error', reject)
        .end();
    });
  expect(await statusOf(`http://rebound.example.com/orders`)).toBe(421);
  expect(await statusOf(`http://${host}/orders`)).toBe(await statusOf('/orders'));
});

test('queues speak with the keys of the tests as well', async () => {
  const { url } = run.queue('Jobs');
  await run.client(SQSClient).send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'hello' }));
  expect(run.queue('Jobs').messages()).toMatchObject([{ body: 'hello' }]);
});

describe('a presigned URL of the query protocol', () => {
  const presigned = async (service: string, path: string, query: Record<string, string>, expiresIn = 60) => {
    const { hostname, port, host, protocol } = new URL(run.clientConfig.endpoint);
    const signer = new SignatureV4({ service, region: 'us-east-1', credentials: keysOfTests(), sha256: Sha256 });
    const signed = await signer.presign(
      { method: 'GET', protocol, hostname, port: Number(port), path, query, headers: { host } },
      { expiresIn },
    );
    const parameters = new URLSearchParams(signed.query as Record<string, string>);
    return `${run.clientConfig.endpoint}${path}?${String(parameters).replaceAll('+', '%20')}`;
  };
  const keysOfTests = () => run.clientConfig.credentials;

  test('says who has signed it, to whoever has it', async () => {
    const url = await presigned('sts', '/', { Action: 'GetCallerIdentity', Version: '2011-06-15' });
    const answer = await fetch(url);
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining(':user/tests</Arn>')]);
    const other = await fetch(url.replace('GetCallerIdentity', 'GetSessionToken'));
    expect(other.status).toBe(403);
  });

  test('sends a message to the queue in its path', async () => {
    const { pathname } = new URL(run.queue('Jobs').url);
    const url = await presigned('sqs', pathname, {
      Action: 'SendMessage',
      MessageBody: 'by URL',
      Version: '2012-11-05',
    });
    const answer = await fetch(url);
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('MessageId')]);
    expect(run.queue('Jobs').messages()).toContainEqual(expect.objectContaining({ body: 'by URL' }));
  });
});

test('refuses a body that is no JSON object', async () => {
  const client = new SecretsManagerClient(run.clientConfig);
  client.middlewareStack.add(
    (next) => (args) => {
      Object.assign(args.request as object, { body: String.raw`{ "SecretId": "it\'s" }` });
      return next(args);
    },
    { step: 'serialize', priority: 'low' },
  );
  const answer = client.send(new GetSecretValueCommand({ SecretId: 'x' }));
  await expect(answer).rejects.toMatchObject({ name: 'SerializationException' });
});
