import { setTimeout as sleep } from 'node:timers/promises';
import type { MigrationEvent } from './request';

/** Response to CloudFormation. */
export interface Answer {
  readonly Status: 'SUCCESS' | 'FAILED';
  /** Shown in the stack's events. */
  readonly Reason?: string;
  readonly Data?: Readonly<Record<string, string>>;
}

/** A response may have 4 KB in total. */
const LONGEST = 2000;
const ATTEMPTS = 5;

/** Responds to CloudFormation, which would otherwise wait until it times out. */
export async function answer(event: MigrationEvent, { Reason, ...fields }: Answer): Promise<void> {
  const { ResponseURL, StackId, RequestId, LogicalResourceId, PhysicalResourceId } = event;
  const body = {
    ...fields,
    ...(Reason !== undefined && { Reason: Reason.length > LONGEST ? `${Reason.slice(0, LONGEST)}...` : Reason }),
    // Never changes: with a new id CloudFormation would delete the previous one.
    PhysicalResourceId: PhysicalResourceId ?? `${LogicalResourceId}-migrations`,
    StackId,
    RequestId,
    LogicalResourceId,
  };
  for (let attempt = 1; ; attempt++) {
    try {
      // A Buffer sends no content type, as the signed URL requires.
      const response = await fetch(ResponseURL!, { method: 'PUT', body: Buffer.from(JSON.stringify(body)) });
      if (response.ok) return;
      throw new Error(`CloudFormation did not accept the response: ${response.status}`);
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      await sleep(attempt * 500);
    }
  }
}
