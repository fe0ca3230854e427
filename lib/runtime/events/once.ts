import type { Context } from 'aws-lambda';
import type { InvocationContext } from './incoming';

/** Does something once per key, however often it is called; failed work may be retried. */
export async function once(
  key: readonly string[],
  work: () => Promise<void>,
  context: InvocationContext,
): Promise<void> {
  const { SUBSCRIPTION: prefix, SUBSCRIPTION_PROCESSED: tableName, SUBSCRIPTION_KEEP: keep } = process.env;
  if (prefix === undefined || tableName === undefined || keep === undefined) {
    throw new Error(
      "The variables of the subscription are not set: subscribe the function with 'subscribe()', or set duplicates: 'process'",
    );
  }
  const { IdempotencyConfig, makeIdempotent, DynamoDBPersistenceLayer } = await powertools();
  const config = new IdempotencyConfig({
    // Longer than the longest path of an event; the default is one hour.
    expiresAfterSeconds: Number(keep),
    eventKeyJmesPath: 'key',
    throwOnNoIdempotencyKey: true,
    hashFunction: 'sha256',
    lambdaContext: context as Context,
  });
  const persistenceStore = (stores[tableName] ??= new DynamoDBPersistenceLayer({
    tableName,
    keyAttr: 'id',
    expiryAttr: 'expires',
  }));
  await makeIdempotent((_: { readonly key: string }) => work(), { persistenceStore, config, keyPrefix: prefix })({
    key: JSON.stringify(key),
  });
}

const stores: Record<string, InstanceType<Powertools['DynamoDBPersistenceLayer']>> = {};

type Powertools = Awaited<ReturnType<typeof powertools>>;

/** Loaded on use: a handler that deduplicates nothing needs neither to install nor to bundle it. */
async function powertools() {
  // Bundlers tolerate a missing module if its import is caught.
  const core = await import('@aws-lambda-powertools/idempotency').catch(missing);
  const layer = await import('@aws-lambda-powertools/idempotency/dynamodb').catch(missing);
  return { ...core, ...layer };
}

function missing(cause: unknown): never {
  throw new Error('Subscribers need Powertools: npm install @aws-lambda-powertools/idempotency', { cause });
}
