import type { CancellationReason } from '@aws-sdk/client-dynamodb';

/** Transient errors: a conflict on the same items, or DynamoDB throttling. */
const PASSING = [
  ...['TransactionConflict', 'TransactionConflictException', 'TransactionInProgressException'],
  ...['ThrottlingError', 'ThrottlingException', 'ProvisionedThroughputExceeded'],
  ...['ProvisionedThroughputExceededException', 'RequestLimitExceeded', 'InternalServerError', 'ServiceUnavailable'],
];
const ATTEMPTS = 10;

/** Retries while errors are transient. The SDK does not retry cancelled transactions, and gives up others after three attempts. */
export async function patiently<Result>(send: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await send();
    } catch (error) {
      if (attempt === ATTEMPTS || !passes(error)) throw error;
      await pause(attempt);
    }
  }
}

/** Waits a random time that grows with each attempt: 25 ms, 50 ms and so on, at most a second. */
export function pause(attempt: number): Promise<void> {
  const most = Math.min(1000, 25 * 2 ** (attempt - 1));
  return new Promise((resolve) => setTimeout(resolve, Math.random() * most));
}

/** Why each item of a cancelled transaction was not written; one entry for a single write whose condition failed. */
export function reasonsOf(error: unknown): readonly CancellationReason[] {
  const { name, CancellationReasons, Item } = error as {
    name?: string;
    CancellationReasons?: CancellationReason[];
    Item?: CancellationReason['Item'];
  };
  if (name === 'TransactionCanceledException') return CancellationReasons ?? [];
  return name === 'ConditionalCheckFailedException' ? [{ Code: 'ConditionalCheckFailed', Item }] : [];
}

/** Whether a condition of a write failed. */
export const conditionFailed = (error: unknown): boolean =>
  reasonsOf(error).some(({ Code }) => Code === 'ConditionalCheckFailed');

/** A failed condition is an answer, whatever else affected the other items. */
function passes(error: unknown): boolean {
  const codes = reasonsOf(error).map(({ Code = 'None' }) => Code);
  const causes = codes.length > 0 ? codes.filter((code) => code !== 'None') : [(error as Error).name];
  return causes.every((cause) => PASSING.includes(cause));
}
