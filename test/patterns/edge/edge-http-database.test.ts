import * as pulumi from '@pulumi/pulumi';
import { EdgeApi, EdgeHttpDatabase, type EdgeHttpDatabaseArgs, ScopedToken } from 'lintel/edge';
import { type EdgeRun, runEdgeLocally } from 'lintel/testing';
import { type Postgres, startPostgres } from '../../../lib/testing/engines/postgres';
import { startLibsql } from './libsql-server';
import { neonEndpoint } from './neon-endpoint';
import { graphOf, handler, refusal, resource } from './support';

const TOKEN = 'eyJhbGciOiJFZERTQSJ9.e30.hunter2';
const LOGIN = 'postgresql://api:hunter2@ep-cool-1.eu-central-1.aws.neon.tech/shop?sslmode=require';
const turso: EdgeHttpDatabaseArgs = { kind: 'turso', url: 'libsql://orders-acme.turso.io', secret: TOKEN };
const neon: EdgeHttpDatabaseArgs = { kind: 'neon', secret: LOGIN };

test('gives a Worker the secret and the place, and keeps the secret', async () => {
  const graph = await graphOf(() => {
    const [orders, people] = [new EdgeHttpDatabase('orders', turso), new EdgeHttpDatabase('people', neon)];
    new EdgeApi('api', { handler, access: { ORDERS: orders.connect(), PEOPLE: people.connect() } });
  });
  const { inputs, options, secrets } = resource(graph, 'api-worker');
  const bindings = inputs.bindings as { readonly name: string; readonly type: string; readonly text: string }[];
  expect(bindings.map(({ name, type }) => `${name} ${type}`)).toEqual([
    'ORDERS secret_text',
    'ORDERS_KIND plain_text',
    'ORDERS_URL plain_text',
    'PEOPLE secret_text',
    'PEOPLE_KIND plain_text',
  ]);
  expect(bindings[2]!.text).toBe('libsql://orders-acme.turso.io');
  expect(secrets).toEqual(['bindings.0.text', 'bindings.3.text']);
  expect(options.additionalSecretOutputs).toEqual(['bindings']);
  expect(JSON.stringify(graph)).not.toContain('hunter2');
});

test.each<[string, Partial<EdgeHttpDatabaseArgs>, readonly string[]]>([
  ['no place', { ...turso, url: undefined }, ["'url' must be given with 'turso'; give it"]],
  ['a place in two places', { ...neon, url: 'https://x.neon.tech' }, ["'url' must not be given with 'neon'"]],
  ['a token in the place', { ...turso, url: `libsql://orders.turso.io?authToken=${TOKEN}` }, ["'url' must begin with"]],
  ['a line that ends', { ...turso, secret: `${TOKEN}\n` }, ["'secret' must be a token, and nothing else"]],
  ['an address for a token', { ...turso, secret: LOGIN }, ["'secret' must be a token, and nothing else"]],
  ['a token for a connection string', { ...neon, secret: TOKEN }, ["'secret' must be a connection string"]],
  [
    'a connection string without a password',
    { ...neon, secret: 'postgres://api@h.neon.tech/shop' },
    ["'secret' must be"],
  ],
  ['nothing', { kind: 'turso' }, ["'secret' must be given"]],
])('refuses %s, and shows no secret', async (_, args, messages) => {
  const refused = await refusal(() => new EdgeHttpDatabase('orders', args as EdgeHttpDatabaseArgs));
  expect(refused).toEqual(messages.map((message) => expect.stringContaining(message) as string));
  expect(refused.join()).not.toContain('hunter2');
});

test('accepts what is known only at deployment, and refuses to put it into a token of the account', async () => {
  const later = new EdgeHttpDatabase('later', { kind: 'neon', secret: pulumi.secret(LOGIN) });
  await graphOf(() => void new EdgeHttpDatabase('later', { kind: 'neon', secret: pulumi.secret(LOGIN) }));
  expect(await refusal(() => new ScopedToken('ci', { access: [later.connect()] }))).toEqual([
    expect.stringContaining("'access.0' must be something that Cloudflare's API can do"),
  ]);
});

describe('locally', () => {
  let libsql: Awaited<ReturnType<typeof startLibsql>>;
  let postgres: Postgres;
  let run: EdgeRun;
  beforeAll(async () => {
    [libsql, postgres] = await Promise.all([startLibsql(TOKEN), startPostgres(['shop'])]);
    const people = neonEndpoint(postgres.connectionString('shop'), LOGIN);
    const program = () => {
      const access = {
        ORDERS: new EdgeHttpDatabase('orders', turso).connect(),
        PEOPLE: new EdgeHttpDatabase('people', neon).connect(),
      };
      for (const name of ['api', 'stranger'])
        new EdgeApi(name, { handler: 'test/patterns/edge/workers/http-databases.ts', access });
    };
    run = await runEdgeLocally(program, {
      config: { 'cloudflare:accountId': 'account' },
      secrets: { ORDERS: TOKEN, PEOPLE: LOGIN, 'stranger.ORDERS': 'another' },
      bindings: { 'stranger.ORDERS_URL': libsql.url },
      outbound: (request) => {
        const { hostname, pathname } = new URL(request.url);
        if (hostname === '127.0.0.1') return fetch(request);
        if (hostname === 'orders-acme.turso.io') return fetch(new Request(libsql.url + pathname, request));
        if (`${hostname}${pathname}` === 'api.eu-central-1.aws.neon.tech/sql') return people(request);
        throw new Error(`nothing is at ${request.url}`);
      },
    });
  });
  afterAll(async () => {
    await run?.stop();
    await Promise.all([libsql.stop(), postgres.stop()]);
  });

  const ask = async (path: string, worker = 'api'): Promise<unknown> =>
    (await run.worker(worker).fetch(path)).json() as Promise<unknown>;

  test('libSQL by its client for the web: statements, batches and transactions', async () => {
    expect(await ask('/turso')).toEqual([
      { id: 'a', total: 5 },
      { id: 'b', total: 7 },
    ]);
    expect(libsql.asked).toContain("DELETE FROM orders WHERE id = 'a'");
    expect(await ask('/turso/twice')).toContain('UNIQUE constraint failed: orders.id');
    expect(await ask('/turso/count')).toEqual([{ n: 2 }]);
    expect(await ask('/turso/count', 'stranger')).toContain('401');
  });

  test('PostgreSQL by the driver of Neon: statements and transactions', async () => {
    expect(await ask('/neon')).toEqual([{ name: 'Grace', age: 85 }]);
    expect(await ask('/neon/twice')).toContain('duplicate key value violates unique constraint');
  });

  test('settings of another kind, and of nothing, are refused', async () => {
    expect(await ask('/turso/wrong')).toBe("The database 'PEOPLE' is of kind 'neon', not 'turso'");
    expect(await ask('/turso/none')).toBe(
      "There is no binding 'NOTHING_KIND'; name the database in 'access': { NOTHING: db.connect() }",
    );
  });
});
