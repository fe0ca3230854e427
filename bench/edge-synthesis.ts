import * as cloudflare from '@pulumi/cloudflare';
import {
  EdgeApi,
  EdgeBucket,
  EdgeCron,
  EdgeDatabase,
  EdgeGateway,
  EdgePool,
  EdgeQueueWorker,
  EdgeRoom,
  EdgeStore,
  EdgeWorkflow,
  ScopedToken,
} from 'lintel/edge';
import { synthesize } from 'lintel/pulumi';
import type { Goal, Result } from './measure';

const handler = 'test/patterns/edge/workers/empty.ts';
const classes = 'test/patterns/edge/workers/classes.ts';
const accountId = 'a'.repeat(32);
const ROUNDS = 41;

/** In milliseconds of CPU, with everything bundled before. */
const MOST = 60;

/** Every component in its minimal use, by `synthesize` in a process that has done it before. */
export async function run(): Promise<Result[]> {
  const made = await synthesize(ours, options);
  const resources = made.resources.filter(({ type }) => !type.startsWith('lintel:'));
  const theirs = () => {
    for (const { type, name, inputs } of resources) {
      new cloudflare.WorkersKvNamespace(`${type.split(':').at(-1)}-${name}`, {
        accountId,
        title: JSON.stringify(inputs),
      });
    }
  };
  const times: { ours: number; theirs: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) times.push({ ours: await cpu(ours), theirs: await cpu(theirs) });
  const goal: Goal = { text: `at most ${MOST} ms`, reached: (time) => time <= MOST };
  return [
    {
      name: `${made.resources.length} resources of minimal uses / ${resources.length} plain ones`,
      ours: middle(times.map((time) => time.ours)),
      theirs: middle(times.map((time) => time.theirs)),
      goal,
    },
  ];
}

const options = { config: { 'cloudflare:accountId': accountId } };

function ours(): void {
  const db = new EdgeDatabase('db');
  new EdgeStore('cache');
  new EdgeBucket('files');
  new EdgeApi('api', { handler, access: { DB: db.readWrite() } });
  new EdgeQueueWorker('ingest', { handler });
  new EdgeRoom('chat', { handler: classes, className: 'ChatRoom' });
  new EdgeWorkflow('order', { handler: classes, className: 'OrderFlow' });
  new EdgeCron('nightly', { handler, schedule: '0 3 * * *' });
  new EdgePool('pool', { origin: { host: 'db.example.com', database: 'shop', user: 'api', password: 'secret' } });
  const authorizer = { issuer: 'https://login.example.com', audience: ['shop'] };
  new EdgeGateway('gate', { origin: 'https://api.example.com', authorizer });
  new ScopedToken('ci', { access: [db.read()] });
}

/** Without a collection of garbage before, which would throw away what the process has compiled: it would be cold again. */
async function cpu(program: () => void): Promise<number> {
  const start = process.cpuUsage();
  await synthesize(program, options);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

function middle(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
