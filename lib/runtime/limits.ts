/**
 * Limits of services, as far as handlers need them. Their sources are in `lib/core/facts`, which would be in every handler's
 * bundle; `test/runtime/limits.test.ts` holds both equal.
 */

/** Bytes of an item of DynamoDB. */
export const ITEM_BYTES = 400 * 1024;
/** Items of a transaction of DynamoDB. */
export const TRANSACTION_ITEMS = 100;
/** Bytes of a transaction of DynamoDB. */
export const TRANSACTION_BYTES = 4 * 1024 * 1024;
/** Bytes of a partition key of DynamoDB. */
export const KEY_BYTES = 2048;

/** Entries of one request to a bus of EventBridge. */
export const BUS_ENTRIES = 10;

/** Characters of the name of an execution of Step Functions. */
export const EXECUTION_NAME = 80;
/** Characters of the name of a durable execution of Lambda. */
export const DURABLE_NAME = 64;

/** Seconds for which a token of IAM opens a connection to a database. */
export const TOKEN_LIFETIME = 900;

/** Seconds between the signing and the receipt of a webhook, at most. */
export const WEBHOOK_TOLERANCE = 300;
/** Bytes of the secret of a webhook, at least. */
export const WEBHOOK_SECRET_BYTES = 24;

/** Bytes of a message on a queue of Cloudflare. */
export const QUEUE_MESSAGE_BYTES = 128_000;
/** Messages that a queue of Cloudflare takes at once. */
export const QUEUE_SEND_MESSAGES = 100;
/** Bytes that a queue of Cloudflare takes at once. */
export const QUEUE_SEND_BYTES = 256_000;
