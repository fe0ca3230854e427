import type { Deployed } from '../../kernel/deployment';
import { isRecord, type JsonObject, recordOf, records, text } from '../../kernel/json';
import { conflict } from './faults';
import type { AwsError } from '../../kernel/aws-errors';

const WRITES = ['PutItem', 'UpdateItem', 'DeleteItem'];

/**
 * Tracks which items are in a running transaction or being written. The engines serialise calls, so nothing ever
 * conflicts; DynamoDB refuses a write to an item in a transaction, cancels a second transaction with it, and cancels
 * `TransactGetItems` on an item being written, in a transaction or not.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-conflict-handling
 */
export class Conflicts {
  private readonly keys = new Map<string, readonly string[]>();
  private readonly ongoing = new Map<string, number>();
  private readonly written = new Map<string, number>();
  private readonly reads = new Set<OngoingRead>();

  /** Registers the key of a table. */
  add({ name, properties }: Deployed): void {
    const attributes = records(properties.KeySchema).flatMap(({ AttributeName }) => text(AttributeName) ?? []);
    this.keys.set(name, attributes);
  }

  /** The conflict of a call that starts now; undefined if there is none. */
  meets(operation: string, input: JsonObject): AwsError | undefined {
    const inTheWay = operation === 'TransactGetItems' ? [this.ongoing, this.written] : [this.ongoing];
    const busy = this.itemsOf(operation, input).map(
      (item) => item !== undefined && inTheWay.some((items) => items.has(item)),
    );
    return busy.includes(true) ? conflict(operation, busy) : undefined;
  }

  /** Runs a call; meanwhile the items it writes conflict with other calls and with running transactional reads. */
  async during<T>(operation: string, input: JsonObject, work: () => Promise<T>): Promise<T> {
    const items = operation === 'TransactGetItems' ? [] : this.itemsOf(operation, input);
    const among = operation === 'TransactWriteItems' ? this.ongoing : this.written;
    for (const read of this.reads) read.meets(items);
    count(among, items, 1);
    try {
      return await work();
    } finally {
      count(among, items, -1);
    }
  }

  /**
   * Reads items in a transaction.
   * @throws AwsError when one of them is written before it ends
   */
  async reading<T>(operation: string, input: JsonObject, work: () => Promise<T>): Promise<T> {
    const read = new OngoingRead(this.itemsOf(operation, input));
    this.reads.add(read);
    try {
      const answer = await work();
      if (read.met.includes(true)) throw conflict(operation, read.met);
      return answer;
    } finally {
      this.reads.delete(read);
    }
  }

  private itemsOf(operation: string, input: JsonObject): readonly (string | undefined)[] {
    if (WRITES.includes(operation)) return [this.itemOf(input)];
    if (!operation.startsWith('Transact')) return [];
    return records(input.TransactItems).map((item) => this.itemOf(recordOf(Object.values(item).find(isRecord))));
  }

  private itemOf({ TableName, Key, Item }: JsonObject): string | undefined {
    const name = text(TableName)?.split('/').at(-1);
    const attributes = this.keys.get(name ?? '');
    const given = recordOf(Key ?? Item);
    return attributes && JSON.stringify([name, ...attributes.map((attribute) => given[attribute])]);
  }
}

/** The items that a transaction reads, and those written meanwhile. */
class OngoingRead {
  readonly met: boolean[];

  constructor(private readonly items: readonly (string | undefined)[]) {
    this.met = items.map(() => false);
  }

  meets(written: readonly (string | undefined)[]): void {
    this.items.forEach((item, index) => {
      if (item !== undefined && written.includes(item)) this.met[index] = true;
    });
  }
}

function count(among: Map<string, number>, items: readonly (string | undefined)[], by: 1 | -1): void {
  for (const item of items) {
    if (item === undefined) continue;
    const now = (among.get(item) ?? 0) + by;
    if (now === 0) among.delete(item);
    else among.set(item, now);
  }
}
