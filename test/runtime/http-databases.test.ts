import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DsqlSigner } from '@aws-sdk/dsql-signer';
import { Signer } from '@aws-sdk/rds-signer';
import { dataApi, planetscale, postgres, retryConflicts, turso, upstash } from 'lintel/runtime';

/** Stands for Secrets Manager; there is no engine here of the databases themselves. */
const secrets: Record<string, string> = {
  token: 'abc',
  json: '{"token":"def"}',
  planetscale: '{"host":"aws.connect.psdb.cloud","username":"u","password":"p"}',
  neon: 'postgres://app:p%40ss@ep-1-pooler.eu-central-1.aws.neon.tech/sales?sslmode=require',
};
let server: Server;

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { SecretId } = JSON.parse(body) as { SecretId: string };
      response.setHeader('content-type', 'application/x-amz-json-1.1');
      response.end(JSON.stringify({ SecretString: secrets[SecretId] }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

beforeEach(() => {
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'ASIAEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: 'session',
    AWS_REGION: 'eu-west-1',
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  });
});

function access(kind: string, variables: Record<string, string>): void {
  for (const [name, value] of Object.entries({ KIND: kind, ...variables })) process.env[`DB_${name}`] = value;
}

test('Redis and SQL by HTTP get settings for their own drivers', async () => {
  access('upstash', { URL: 'https://eu1.upstash.io', SECRET_ARN: 'token' });
  expect(await upstash('DB')).toEqual({ url: 'https://eu1.upstash.io', token: 'abc' });
  access('turso', { URL: 'libsql://sales.turso.io', SECRET_ARN: 'json' });
  expect(await turso('DB')).toEqual({ url: 'https://sales.turso.io', authToken: 'def' });
  access('planetscale', { SECRET_ARN: 'planetscale' });
  expect(await planetscale('DB')).toEqual({ host: 'aws.connect.psdb.cloud', username: 'u', password: 'p' });
  access('data-api', {
    CLUSTER_ARN: 'arn:aws:rds:eu-west-1:111111111111:cluster:sales',
    SECRET_ARN: 'own',
    NAME: 'app',
  });
  expect(dataApi('DB')).toEqual({
    resourceArn: 'arn:aws:rds:eu-west-1:111111111111:cluster:sales',
    secretArn: 'own',
    database: 'app',
  });
});

test('Neon signs in as its secret says by then, and trusts what Node.js trusts', async () => {
  access('neon', { SECRET_ARN: 'neon' });
  const { password, ...settings } = await postgres('DB');
  expect(settings).toMatchObject({
    host: 'ep-1-pooler.eu-central-1.aws.neon.tech',
    port: 5432,
    database: 'sales',
    user: 'app',
    ssl: { rejectUnauthorized: true },
  });
  expect(await password()).toBe('p@ss');
});

test('DSQL gets a token of its own, and its certificate is no one of RDS', async () => {
  access('dsql', {
    HOST: 'abc.dsql.eu-west-1.on.aws',
    PORT: '5432',
    NAME: 'postgres',
    USER: 'clerk',
    REGION: 'eu-west-1',
    DIRECT: '1',
  });
  const { password, ssl, user } = await postgres('DB');
  expect({ ssl, user }).toEqual({ ssl: { rejectUnauthorized: true }, user: 'clerk' });
  const token = new URL(`https://${await password()}`);
  expect(token.host).toBe('abc.dsql.eu-west-1.on.aws');
  expect(token.searchParams.get('Action')).toBe('DbConnect');
  expect(token.searchParams.get('X-Amz-Credential')).toMatch(/^ASIAEXAMPLE\/\d{8}\/eu-west-1\/dsql\/aws4_request$/);
});

test('tokens are those that the SDK signs, by the credentials of the function as they are then', async () => {
  access('dsql', {
    HOST: 'a.dsql.eu-west-1.on.aws',
    PORT: '5432',
    NAME: 'postgres',
    USER: 'clerk',
    REGION: 'eu-west-1',
  });
  const { password } = await postgres('DB');
  access('pooled', {
    HOST: 'p.proxy-x.eu-west-1.rds.amazonaws.com',
    PORT: '5432',
    NAME: 'app',
    USER: 'app user',
    REGION: 'eu-west-1',
    DIRECT: '',
  });
  const { password: ofProxy } = await postgres('DB');
  for (const AWS_SESSION_TOKEN of ["a/b+c=d'e(f)*!", '']) {
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'ASIANEW', AWS_SESSION_TOKEN });
    jest.useFakeTimers({ now: new Date('2026-01-02T03:04:05.678Z') });
    const own = [await password(), await ofProxy()];
    const region = 'eu-west-1';
    const place = { hostname: 'p.proxy-x.eu-west-1.rds.amazonaws.com', port: 5432, username: 'app user', region };
    const sdk = [
      await new DsqlSigner({ hostname: 'a.dsql.eu-west-1.on.aws', region }).getDbConnectAuthToken(),
      await new Signer(place).getAuthToken(),
    ];
    jest.useRealTimers();
    const parts = (token: string) => [
      token.split('?')[0],
      Object.fromEntries(new URLSearchParams(token.split('?')[1])),
    ];
    expect(own.map(parts)).toEqual(sdk.map(parts));
    expect(own.every((token, index) => token.length === sdk[index]!.length)).toBe(true);
  }
});

test('refuses to sign where there are no credentials', async () => {
  access('dsql', {
    HOST: 'a.dsql.eu-west-1.on.aws',
    PORT: '5432',
    NAME: 'postgres',
    USER: 'clerk',
    REGION: 'eu-west-1',
  });
  delete process.env.AWS_SECRET_ACCESS_KEY;
  const { password } = await postgres('DB');
  await expect(password()).rejects.toThrow("no credentials to sign a token with: 'AWS_ACCESS_KEY_ID'");
});

test.each([
  ['another kind', { KIND: 'turso', URL: 'https://x' }, "of kind 'turso', not 'upstash'"],
  ['no address', { KIND: 'upstash', URL: '' }, "The variable 'DB_URL' is not set"],
  [
    'a secret that is no JSON',
    { KIND: 'upstash', URL: 'https://x', SECRET_ARN: 'broken' },
    "The secret of the database 'DB' must be JSON",
  ],
])('refuses %s, and says nothing of the secret', async (_, { KIND, ...variables }, message) => {
  secrets.broken = '{abc';
  access(KIND, variables as unknown as Record<string, string>);
  await expect(upstash('DB')).rejects.toThrow(message);
});

test('a conflict is tried again, as often as asked, and every other error is not', async () => {
  const conflict = Object.assign(new Error('change conflicts with another transaction'), { code: '40001' });
  const work = jest.fn<Promise<string>, []>();
  work.mockRejectedValueOnce(conflict).mockRejectedValueOnce(conflict).mockResolvedValueOnce('done');
  expect(await retryConflicts(work)).toBe('done');
  expect(work).toHaveBeenCalledTimes(3);
  work.mockReset().mockRejectedValue(conflict);
  await expect(retryConflicts(work, { attempts: 2 })).rejects.toBe(conflict);
  expect(work).toHaveBeenCalledTimes(2);
  work.mockReset().mockRejectedValue(new Error('other'));
  await expect(retryConflicts(work)).rejects.toThrow('other');
  expect(work).toHaveBeenCalledTimes(1);
});
