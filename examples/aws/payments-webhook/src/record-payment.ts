import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { Logger } from '@aws-lambda-powertools/logger';
import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { paymentOf } from './payments';

const logger = new Logger();
const table = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const processor = new BatchProcessor(EventType.SQS);

/** Records a payment once, however often the provider tells of it. */
async function record({ body, messageId }: SQSRecord): Promise<void> {
  const payment = paymentOf(body);
  if (payment === undefined) return;
  try {
    await table.send(
      new PutCommand({
        TableName: process.env.PAYMENTS,
        Item: payment,
        ConditionExpression: 'attribute_not_exists(id)',
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    logger.info('The payment is recorded already', { messageId });
  }
}

export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  logger.addContext(context);
  return processPartialResponse(event, record, processor, { context, throwOnFullBatchFailure: false });
}
