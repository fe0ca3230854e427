import { cloudflare, dynamoDb, events, lambda, rds, stepFunctions, webhooks } from '../../lib/core/facts';
import * as limits from '../../lib/runtime/limits';

test('what handlers know of limits is what the facts say', () => {
  expect(limits).toEqual({
    ITEM_BYTES: dynamoDb.itemSize.value,
    TRANSACTION_ITEMS: dynamoDb.transactionItems.value,
    TRANSACTION_BYTES: dynamoDb.transactionSize.value,
    KEY_BYTES: dynamoDb.partitionKeyLength.value.max,
    BUS_ENTRIES: events.entriesPerRequest.value,
    EXECUTION_NAME: stepFunctions.executionName.value,
    DURABLE_NAME: Number(/,(\d+)\}/.exec(lambda.durableName.value.source)?.[1]),
    TOKEN_LIFETIME: rds.authTokenLifetime.value,
    WEBHOOK_TOLERANCE: webhooks.tolerance.value,
    WEBHOOK_SECRET_BYTES: webhooks.secretLength.value,
    QUEUE_MESSAGE_BYTES: cloudflare.queueMessageSize.value,
    QUEUE_SEND_MESSAGES: cloudflare.queueSendBatch.value,
    QUEUE_SEND_BYTES: cloudflare.queueSendBatchSize.value,
  });
});
