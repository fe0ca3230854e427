import type { Context } from 'aws-lambda';
import type { InvocationContext } from './incoming';

/** Does something once for a key, however often it is asked to; what failed may be tried again. */
export async function once(
  key: readonly string[],
  work: () => Promise<void>,
  context: InvocationContext,
): Promise<void> {
  const { SUBSCRIPTION: prefix, SUBSCRIPTION_PROCESSED: tableName, SUBSCRIPTION_KEEP: keep } = process.env;
  if (prefix === undefined || tableName === undefined || keep === undefined) {
    throw new Error(
      "The variables of the subscription are not set: subscribe the function by 'subscribe()', or say duplicates: 'process'",
    );
  }
  const { IdempotencyConfig, makeIdempotent, DynamoDBPersistenceLayer } = await powertools();
  const config = new IdempotencyConfig({
    // Longer than the longest way of an event: by default it is one hour.
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

/** Loaded where it is used: a handler that deduplicates nothing does not have to have it, nor does who bundles it. */
async function powertools() {
  // Bundlers let a module be missing where its import catches that.
  const core = await import('@aws-lambda-powertools/idempotency').catch(missing);
  const layer = await import('@aws-lambda-powertools/idempotency/dynamodb').catch(missing);
  return { ...core, ...layer };
}

function missing(cause: unknown): never {
  throw new Error('Subscribers need Powertools: npm install @aws-lambda-powertools/idempotency', { cause });
}
