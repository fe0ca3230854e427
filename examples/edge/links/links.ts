import type { Input } from '@pulumi/pulumi';
import { EdgeApi, EdgeCron, EdgeDatabase, EdgeQueueWorker, EdgeStore } from 'lintel/edge';

/**
 * A link shortener: links in a database, the ones that are asked for in a store near the reader, clicks counted behind a
 * queue, and a clean-up every night.
 * @param apiKey who knows it may create links
 */
export function links(apiKey: Input<string>) {
  const db = new EdgeDatabase('db', { migrations: 'migrations' });
  const cache = new EdgeStore('cache');

  const clicks = new EdgeQueueWorker('clicks', {
    handler: 'workers/clicks.ts',
    access: { DB: db.readWrite() },
    batch: { size: 100, window: 10 },
    maxAttempts: 4,
  });

  new EdgeApi('api', {
    handler: 'workers/api.ts',
    access: { DB: db.readWrite(), CACHE: cache.readWrite(), CLICKS: clicks.send() },
    secrets: { API_KEY: apiKey },
  });

  new EdgeCron('cleanup', {
    handler: 'workers/cleanup.ts',
    schedule: '0 3 * * *',
    access: { DB: db.readWrite(), CACHE: cache.readWrite() },
  });

  return { database: db.database.name, deadLetters: clicks.deadLetterQueue.queueName };
}
