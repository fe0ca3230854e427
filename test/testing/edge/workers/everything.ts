import { DurableObject, WorkflowEntrypoint, type WorkflowEvent, type WorkflowStep } from 'cloudflare:workers';
import { Client } from 'pg';
import answer from './answer.wasm';

interface Env {
  readonly DB: D1Database;
  readonly CACHE: KVNamespace;
  readonly FILES: R2Bucket;
  readonly INGEST: Queue;
  readonly COUNTER: DurableObjectNamespace<Counter>;
  readonly ORDER: Workflow<{ readonly amount: number }>;
  readonly POOL: Hyperdrive;
  readonly OTHER: Fetcher;
  readonly STAGE: string;
  readonly KEY: string;
  readonly LIMIT: RateLimit;
  readonly BROWSER?: unknown;
}

export class Counter extends DurableObject {
  increment(): number {
    const { sql } = this.ctx.storage;
    sql.exec('CREATE TABLE IF NOT EXISTS counter (n INTEGER)');
    sql.exec('INSERT INTO counter VALUES (1)');
    return Number(sql.exec('SELECT count(*) AS n FROM counter').one().n);
  }
}

export class OrderFlow extends WorkflowEntrypoint<Env, { readonly amount: number }> {
  override async run(event: WorkflowEvent<{ readonly amount: number }>, step: WorkflowStep): Promise<number> {
    const reserved = await step.do('reserve', async () => event.payload.amount);
    return step.do('charge', async () => reserved * 2);
  }
}

type Route = (env: Env, request: Request) => Promise<unknown>;

const routes: Readonly<Record<string, Route>> = {
  '/database': async ({ DB }) => {
    await DB.prepare('INSERT INTO links (slug, url) VALUES (?, ?)').bind('a', 'https://example.com').run();
    return (await DB.prepare('SELECT * FROM links').all()).results;
  },
  '/store': async ({ CACHE }) => {
    await CACHE.put('key', 'value');
    return CACHE.get('key');
  },
  '/bucket': async ({ FILES }) => {
    await FILES.put('file', 'content');
    return (await FILES.get('file'))?.text();
  },
  '/upload': async ({ FILES }, { body }) => {
    await FILES.put('upload', body);
    return (await FILES.get('upload'))?.text();
  },
  '/send': async ({ INGEST }, request) => {
    await INGEST.sendBatch(((await request.json()) as unknown[]).map((body) => ({ body })));
    return 'sent';
  },
  '/room': async ({ COUNTER }) => {
    const counter = COUNTER.get(COUNTER.idFromName('one'));
    return [await counter.increment(), await counter.increment()];
  },
  '/workflow': async ({ ORDER }) => {
    const instance = await ORDER.create({ params: { amount: 21 } });
    for (;;) {
      const { status, output } = await instance.status();
      if (status === 'complete' || status === 'errored') return { status, output };
      await scheduler.wait(10);
    }
  },
  '/pool': async ({ POOL }) => {
    const client = new Client({ connectionString: POOL.connectionString });
    await client.connect();
    const { rows } = await client.query('SELECT 40 + 2 AS answer, current_database() AS database');
    await client.end();
    return rows[0];
  },
  '/other': async ({ OTHER }) => (await OTHER.fetch('https://other/')).text(),
  '/environment': async ({ STAGE, KEY, BROWSER }) => ({ STAGE, KEY, BROWSER: typeof BROWSER }),
  '/wasm': async () => Object.keys(new WebAssembly.Instance(answer).exports),
  '/limit': async ({ LIMIT }) => (await LIMIT.limit({ key: 'one' })).success,
  '/country': async (_env, { cf }) => cf?.country,
  '/outside': async () => (await fetch('https://api.example.com/prices', { method: 'POST', body: 'all' })).text(),
  '/log': async () => {
    console.log('a line');
    return 'logged';
  },
  '/throw': async () => {
    throw new Error('no luck');
  },
};

export default {
  async fetch(request, env) {
    const route = routes[new URL(request.url).pathname];
    return route ? Response.json(await route(env, request)) : new Response('no such page', { status: 404 });
  },
} satisfies ExportedHandler<Env>;
