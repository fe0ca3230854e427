import { Logger } from '@aws-lambda-powertools/logger';
import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateScan, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Context } from 'aws-lambda';
import { type Order, reportOf } from './report';

const logger = new Logger();
const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));

/** What the schedule hands over when it is given no input. */
interface Run {
  readonly scheduledTime: string;
  readonly executionId: string;
}

/** Writes the report of a day once: the schedule may deliver a run twice. */
export async function handler({ scheduledTime, executionId }: Run, context: Context): Promise<void> {
  logger.addContext(context);
  const orders: Order[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName: process.env.ORDERS })) {
    orders.push(...(Items as Order[]));
  }
  const report = reportOf(scheduledTime.slice(0, 10), orders);
  try {
    await client.send(
      new PutCommand({
        TableName: process.env.REPORTS,
        Item: { ...report, executionId },
        ConditionExpression: 'attribute_not_exists(#day)',
        ExpressionAttributeNames: { '#day': 'day' },
      }),
    );
    logger.info('Report written', { ...report });
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    logger.info('The report is written already', { day: report.day });
  }
}
