import { setTimeout as sleep } from 'node:timers/promises';
import type { MigrationEvent } from './request';

/** What CloudFormation is told. */
export interface Answer {
  readonly Status: 'SUCCESS' | 'FAILED';
  /** Shown in the events of the stack. */
  readonly Reason?: string;
  readonly Data?: Readonly<Record<string, string>>;
}

/** An answer may have 4 KB altogether. */
const LONGEST = 2000;
const ATTEMPTS = 5;

/** Tells CloudFormation, which waits for it and for nothing else. */
export async function answer(event: MigrationEvent, { Reason, ...told }: Answer): Promise<void> {
  const { ResponseURL, StackId, RequestId, LogicalResourceId, PhysicalResourceId } = event;
  const body = {
    ...told,
    ...(Reason !== undefined && { Reason: Reason.length > LONGEST ? `${Reason.slice(0, LONGEST)}...` : Reason }),
    // The same for good: another would have CloudFormation delete the one before.
    PhysicalResourceId: PhysicalResourceId ?? `${LogicalResourceId}-migrations`,
    StackId,
    RequestId,
    LogicalResourceId,
  };
  for (let attempt = 1; ; attempt++) {
    try {
      // Bytes have no content type, as the signature of the address wants it.
      const response = await fetch(ResponseURL!, { method: 'PUT', body: Buffer.from(JSON.stringify(body)) });
      if (response.ok) return;
      throw new Error(`CloudFormation does not take the answer: ${response.status}`);
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      await sleep(attempt * 500);
    }
  }
}
