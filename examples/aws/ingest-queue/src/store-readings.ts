import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { Logger } from '@aws-lambda-powertools/logger';
import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { readingOf } from './readings';

const logger = new Logger();
const table = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const processor = new BatchProcessor(EventType.SQS);

/** Stores a reading once, however often its message comes. */
async function store({ body, messageId }: SQSRecord): Promise<void> {
  const reading = readingOf(body);
  try {
    await table.send(
      new PutCommand({
        TableName: process.env.READINGS,
        Item: reading,
        ConditionExpression: 'attribute_not_exists(sensor)',
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    logger.info('The reading is stored already', { messageId });
  }
}

export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  logger.addContext(context);
  return processPartialResponse(event, store, processor, { context, throwOnFullBatchFailure: false });
}
