import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Context, S3ObjectCreatedNotificationEvent, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { priceListOf } from './price-list';

const logger = new Logger();
const files = new S3Client({});
const table = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const processor = new BatchProcessor(EventType.SQS);

/** Imports one file. To import it twice changes nothing: a price replaces itself. */
async function importFile({ body }: SQSRecord): Promise<void> {
  const { detail } = JSON.parse(body) as S3ObjectCreatedNotificationEvent;
  const Bucket = detail.bucket.name;
  const file = await files.send(new GetObjectCommand({ Bucket, Key: detail.object.key }));
  const { prices, rejected } = priceListOf((await file.Body?.transformToString()) ?? '');
  for (const price of prices) await table.send(new PutCommand({ TableName: process.env.PRICES, Item: price }));
  if (rejected.length > 0) {
    const Key = detail.object.key.replace(/^incoming\//, 'rejected/').replace(/\.csv$/, '.txt');
    await files.send(new PutObjectCommand({ Bucket, Key, Body: `${rejected.join('\n')}\n` }));
  }
  logger.info('Price list imported', { key: detail.object.key, prices: prices.length, rejected: rejected.length });
}

export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  logger.addContext(context);
  return processPartialResponse(event, importFile, processor, { context, throwOnFullBatchFailure: false });
}
