import { type DynamoDBClient, GetItemCommand, PutItemCommand, type TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { fromItem, toItem } from '../event-store/items';
import { patiently } from '../event-store/patience';
import type { ParkedMark } from './types';

/** A projection's progress on an aggregate. */
export interface Checkpoint {
  /** All versions up to this one are applied; undefined before the first. */
  readonly version: number | undefined;
  /** Why it has stopped. */
  readonly parked?: ParkedMark;
}

/** The checkpoints of a projection. */
export class Checkpoints {
  constructor(
    readonly client: DynamoDBClient,
    readonly table: string,
    readonly projection: string,
  ) {}

  async read(aggregate: string): Promise<Checkpoint> {
    const command = new GetItemCommand({
      TableName: this.table,
      Key: { projection: { S: this.projection }, aggregate: { S: aggregate } },
      ConsistentRead: true,
    });
    const { Item } = await patiently(() => this.client.send(command));
    return Item ? (fromItem(Item) as { version: number; parked?: ParkedMark }) : { version: undefined };
  }

  /** The write of the next checkpoint, provided no one has moved the previous one. */
  write(aggregate: string, before: Checkpoint, next: { version: number; parked?: ParkedMark }) {
    const names = { ExpressionAttributeNames: { '#version': 'version' } };
    return {
      TableName: this.table,
      Item: toItem({ projection: this.projection, aggregate, ...next }),
      ...(before.version === undefined
        ? { ConditionExpression: 'attribute_not_exists(#version)', ...names }
        : {
            ConditionExpression: '#version = :version',
            ...names,
            ExpressionAttributeValues: { ':version': { N: String(before.version) } },
          }),
    } satisfies TransactWriteItem['Put'];
  }

  /** Parks an aggregate at its current version. */
  async park(aggregate: string, before: Checkpoint, parked: ParkedMark): Promise<void> {
    const put = this.write(aggregate, before, { version: before.version ?? 0, parked });
    await patiently(() => this.client.send(new PutItemCommand(put)));
  }
}
