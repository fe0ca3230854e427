import { createHash } from 'node:crypto';
import { AwsError } from '../../kernel/aws-errors';
import { type JsonObject, records } from '../../kernel/json';

/** Faults that DynamoDB occasionally causes for a valid call. */
export type Fault = 'conflict' | 'in progress' | 'throttled' | 'lost';

const WRITES = ['PutItem', 'UpdateItem', 'DeleteItem'];
const DATA = [...WRITES, 'GetItem', 'Query', 'Scan', 'BatchGetItem', 'BatchWriteItem', 'TransactGetItems'];

/** Picks the calls to fail: for a seed, the nth call of an operation always has the same fate. */
export class Faults {
  private readonly counts = new Map<string, number>();

  /**
   * @param share of the calls: 0.05 is one in twenty; 0 is none
   * @param seed chooses the calls
   */
  constructor(
    private readonly share: number,
    private readonly seed: number,
  ) {}

  /** The fault of an operation's next call. */
  next(operation: string): Fault | undefined {
    const possible = faultsOf(operation);
    if (this.share <= 0 || possible.length === 0) return undefined;
    const count = (this.counts.get(operation) ?? 0) + 1;
    this.counts.set(operation, count);
    const digest = createHash('sha256').update(`${this.seed} ${operation} ${count}`).digest();
    if (digest.readUInt32BE(0) >= this.share * 2 ** 32) return undefined;
    return possible[digest.readUInt32BE(4) % possible.length];
  }
}

function faultsOf(operation: string): readonly Fault[] {
  if (operation === 'TransactWriteItems') return ['conflict', 'in progress', 'throttled', 'lost'];
  if (WRITES.includes(operation)) return ['conflict', 'throttled', 'lost'];
  return DATA.includes(operation) ? ['throttled', 'lost'] : [];
}

/**
 * The error for a faulted call. If the answer is lost, the call has taken effect.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
 */
export function errorOf(fault: Fault, operation: string, input: JsonObject): AwsError {
  switch (fault) {
    case 'conflict':
      return conflict(
        operation,
        records(input.TransactItems).map((_, index) => index === 0),
      );
    case 'in progress':
      return new AwsError('TransactionInProgressException', 'Transaction is already in progress for this token');
    case 'throttled':
      return new AwsError('ThrottlingException', 'Throughput exceeds the current capacity of your table or index.');
    case 'lost':
      return new AwsError('InternalServerError', 'Internal server error', 500);
  }
}

const ONGOING = 'Transaction is ongoing for the item';

/**
 * The error for a write or transaction with items in another transaction.
 * @param busy which of a transaction's items conflict
 */
export function conflict(operation: string, busy: readonly boolean[]): AwsError {
  if (!operation.startsWith('Transact')) return new AwsError('TransactionConflictException', ONGOING);
  const CancellationReasons = busy.map((is) =>
    is ? { Code: 'TransactionConflict', Message: ONGOING } : { Code: 'None' },
  );
  const codes = CancellationReasons.map(({ Code }) => Code).join(', ');
  const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
  return new AwsError('TransactionCanceledException', message, 400, { CancellationReasons });
}
