import type * as idempotency from '@aws-lambda-powertools/idempotency';
import type * as dynamodb from '@aws-lambda-powertools/idempotency/dynamodb';
import type { Context } from 'aws-lambda';

/** Does something once for a key, however often it is asked to; what failed may be tried again. */
export async function once(key: readonly string[], work: () => Promise<void>, context: Context): Promise<void> {
  const { SUBSCRIPTION: prefix, SUBSCRIPTION_PROCESSED: tableName, SUBSCRIPTION_KEEP: keep } = process.env;
  if (prefix === undefined || tableName === undefined || keep === undefined) {
    throw new Error(
      "The variables of the subscription are not set: subscribe the function by 'subscribe()', or say duplicates: 'process'",
    );
  }
  const { IdempotencyConfig, makeIdempotent, DynamoDBPersistenceLayer } = powertools();
  const config = new IdempotencyConfig({
    // Longer than the longest way of an event: by default it is one hour.
    expiresAfterSeconds: Number(keep),
    eventKeyJmesPath: 'key',
    throwOnNoIdempotencyKey: true,
    hashFunction: 'sha256',
    lambdaContext: context,
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

type Powertools = typeof idempotency & typeof dynamodb;

/** Loaded where it is used: a handler that deduplicates nothing does not have to have it. */
function powertools(): Powertools {
  try {
    return {
      ...(require('@aws-lambda-powertools/idempotency') as Powertools),
      ...(require('@aws-lambda-powertools/idempotency/dynamodb') as Powertools),
    };
  } catch (error) {
    throw new Error('Subscribers need Powertools: npm install @aws-lambda-powertools/idempotency', { cause: error });
  }
}
