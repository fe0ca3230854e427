import { secret } from '@pulumi/pulumi';
import {
  EdgeAi,
  EdgeApi,
  EdgeBucket,
  EdgeCron,
  EdgeDatabase,
  EdgeGateway,
  EdgePool,
  EdgeQueueWorker,
  EdgeRoom,
  EdgeStore,
  EdgeTail,
  EdgeVectors,
  EdgeWorkflow,
  ScopedToken,
} from 'lintel/edge';
import { readGraph } from '../../../lib/core/model/read-graph';
import { graphOf, handler } from '../../patterns/edge/support';
import { judgeAll } from './faults';

const classes = 'test/patterns/edge/workers/classes.ts';

test('says nothing about the minimal edge components', async () => {
  const graph = await graphOf(() => {
    const database = new EdgeDatabase('db');
    new EdgeApi('api', { handler, access: { DB: database.readWrite() } });
    new EdgeStore('cache');
    const ai = new EdgeAi('ai', { models: { EMBEDDING: '@cf/baai/bge-m3' }, gateway: {} });
    const docs = new EdgeVectors('docs', { model: ai.models.EMBEDDING });
    new EdgeApi('search', { handler, access: { AI: ai.run(), DOCS: docs.read() } });
    new EdgeBucket('files');
    new EdgeQueueWorker('ingest', { handler });
    new EdgeRoom('chat', { handler: classes, className: 'ChatRoom' });
    new EdgeWorkflow('order', { handler: classes, className: 'OrderFlow' });
    new EdgeCron('nightly', { handler, schedule: '0 3 * * *' });
    const tail = new EdgeTail('events', { handler: 'test/patterns/edge/workers/nothing.ts' });
    new EdgeApi('shop', { handler, tail, schedule: '0 4 * * *', consumes: { jobs: {} }, logs: { to: ['honeycomb'] } });
    new EdgePool('pool', { origin: { host: 'db.example.com', database: 'd', user: 'u', password: secret('p') } });
    new EdgeGateway('gate', {
      origin: 'https://api.example.com',
      authorizer: { issuer: 'https://login.example.com', audience: ['shop'] },
    });
    new ScopedToken('ci', { access: [database.read()] });
  });
  expect(graph.resources.length).toBeGreaterThan(30);
  expect(judgeAll(readGraph(graph))).toEqual({ findings: [], unknown: [], failures: [] });
});
