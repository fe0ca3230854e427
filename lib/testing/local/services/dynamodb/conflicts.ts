import type { Deployed } from '../../kernel/deployment';
import { isRecord, type JsonRecord, record, records, text } from '../../kernel/json';
import { conflict } from './faults';
import type { AwsError } from '../../kernel/aws-errors';

const WRITES = ['PutItem', 'UpdateItem', 'DeleteItem'];

/**
 * Which items are in a transaction that goes on. The engines do one call after the other, so that nothing ever conflicts;
 * DynamoDB refuses a write to such an item, and cancels a second transaction with it.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-conflict-handling
 */
export class Conflicts {
  private readonly keys = new Map<string, readonly string[]>();
  private readonly ongoing = new Map<string, number>();

  /** Learns the key of a table. */
  add({ name, properties }: Deployed): void {
    const attributes = records(properties.KeySchema).flatMap(({ AttributeName }) => text(AttributeName) ?? []);
    this.keys.set(name, attributes);
  }

  /** What a call meets that begins now; undefined where nothing is in its way. */
  meets(operation: string, input: JsonRecord): AwsError | undefined {
    const busy = this.itemsOf(operation, input).map((item) => item !== undefined && this.ongoing.has(item));
    return busy.includes(true) ? conflict(operation, busy) : undefined;
  }

  /** Does a call; its items are in a transaction for as long, if it is one. */
  async during<T>(operation: string, input: JsonRecord, work: () => Promise<T>): Promise<T> {
    const items = operation === 'TransactWriteItems' ? this.itemsOf(operation, input) : [];
    this.count(items, 1);
    try {
      return await work();
    } finally {
      this.count(items, -1);
    }
  }

  private count(items: readonly (string | undefined)[], by: 1 | -1): void {
    for (const item of items) {
      if (item === undefined) continue;
      const count = (this.ongoing.get(item) ?? 0) + by;
      if (count === 0) this.ongoing.delete(item);
      else this.ongoing.set(item, count);
    }
  }

  private itemsOf(operation: string, input: JsonRecord): readonly (string | undefined)[] {
    if (WRITES.includes(operation)) return [this.itemOf(input)];
    if (!operation.startsWith('Transact')) return [];
    return records(input.TransactItems).map((item) => this.itemOf(record(Object.values(item).find(isRecord))));
  }

  private itemOf({ TableName, Key, Item }: JsonRecord): string | undefined {
    const name = text(TableName)?.split('/').at(-1);
    const attributes = this.keys.get(name ?? '');
    const given = record(Key ?? Item);
    return attributes && JSON.stringify([name, ...attributes.map((attribute) => given[attribute])]);
  }
}
