import { secret } from '@pulumi/pulumi';
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
import { readGraph } from '../../../lib/core/model/read-graph';
import { graphOf, handler } from '../../patterns/edge/support';
import { judgeAll } from './faults';

const classes = 'test/patterns/edge/workers/classes.ts';

test('says nothing about the minimal edge components', async () => {
  const graph = await graphOf(() => {
    const database = new EdgeDatabase('db');
    new EdgeApi('api', { handler, access: { DB: database.readWrite() } });
    new EdgeStore('cache');
    new EdgeBucket('files');
    new EdgeQueueWorker('ingest', { handler });
    new EdgeRoom('chat', { handler: classes, className: 'ChatRoom' });
    new EdgeWorkflow('order', { handler: classes, className: 'OrderFlow' });
    new EdgeCron('nightly', { handler, schedule: '0 3 * * *' });
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
