import type { Input } from '@pulumi/pulumi';
import { EdgeAi, EdgeApi, EdgeDatabase, EdgeQueueWorker, EdgeVectors } from 'lintel/edge';

/** The models: one that makes vectors of texts, one that answers. */
export const MODELS = {
  EMBEDDING: '@cf/baai/bge-base-en-v1.5',
  ANSWER: '@cf/meta/llama-3.3-70b-instruct-fp8-fast',
} as const;

/**
 * Answers questions from documents: documents in a database, cut into passages and made vectors of behind a queue, and an API that
 * finds the passages nearest to a question and streams what a model makes of them.
 * @param apiKey who knows it may write documents
 */
export function knowledge(apiKey: Input<string>) {
  const db = new EdgeDatabase('db', { migrations: 'migrations' });
  const ai = new EdgeAi('ai', { models: MODELS, gateway: { rateLimit: { limit: 300, period: 60 } } });
  const passages = new EdgeVectors('passages', { model: ai.models.EMBEDDING, metadata: { source: 'string' } });

  const ingest = new EdgeQueueWorker('ingest', {
    handler: 'workers/ingest.ts',
    access: { AI: ai.run(), DB: db.readWrite(), PASSAGES: passages.write() },
    batch: { size: 5, window: 5 },
    maxAttempts: 4,
    maxConcurrency: 5,
  });

  new EdgeApi('api', {
    handler: 'workers/api.ts',
    access: { AI: ai.run(), DB: db.readWrite(), PASSAGES: passages.read(), INGEST: ingest.send() },
    secrets: { API_KEY: apiKey },
  });

  return { index: passages.index.indexName, deadLetters: ingest.deadLetterQueue.queueName };
}
