import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { Context, KinesisStreamBatchResponse, KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import { type Click, clickOf } from './clicks';

const logger = new Logger();
const table = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const processor = new BatchProcessor(EventType.KinesisDataStreams);

/** A click is remembered for two days, longer than the stream may repeat it. */
const REMEMBERED = 172_800;

/** Counts a click once, however often its record comes: the click is remembered in the transaction that counts it. */
async function count({ id, page }: Click): Promise<void> {
  const TableName = process.env.COUNTS;
  const expiresAt = Math.floor(Date.now() / 1000) + REMEMBERED;
  await table.send(
    new TransactWriteCommand({
      TransactItems: [
        { Put: { TableName, Item: { id: `click#${id}`, expiresAt }, ConditionExpression: 'attribute_not_exists(id)' } },
        {
          Update: {
            TableName,
            Key: { id: `page#${page}` },
            UpdateExpression: 'ADD clicks :one',
            ExpressionAttributeValues: { ':one': 1 },
          },
        },
      ],
    }),
  );
}

async function countRecord(record: KinesisStreamRecord): Promise<void> {
  try {
    await count(clickOf(record.kinesis.data));
  } catch (error) {
    const reasons = error instanceof TransactionCanceledException ? (error.CancellationReasons ?? []) : [];
    if (!reasons.some(({ Code }) => Code === 'ConditionalCheckFailed')) throw error;
    logger.info('The click is counted already', { eventId: record.eventID });
  }
}

export async function handler(event: KinesisStreamEvent, context: Context): Promise<KinesisStreamBatchResponse> {
  logger.addContext(context);
  return processPartialResponse(event, countRecord, processor, { context, throwOnFullBatchFailure: false });
}
