import { reasonsOf } from '../event-store/patience';
import type { ParkedMark } from './types';

/** An error in the team's code or the stored events: it parks the aggregate. Anything else is an infrastructure failure. */
export class Fault extends Error {
  override readonly name = 'Fault';

  constructor(
    readonly version: number,
    override readonly cause: unknown,
    readonly reason: ParkedMark['reason'] = 'handler',
  ) {
    super();
  }

  get mark(): ParkedMark {
    const { version, reason, cause } = this;
    const { name, message } = cause instanceof Error ? cause : new Error(String(cause));
    return { version, reason, error: { name, message }, time: new Date().toISOString() };
  }
}

/** A stored event that was tampered with. */
export class Tampering extends Error {
  override readonly name = 'Tampering';
}

/** Turns errors of the team's code into faults. */
export async function guarded<Result>(version: number, work: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw new Fault(version, error);
  }
}

/** Whether DynamoDB rejects a write permanently. */
export const invalid = (error: unknown): boolean =>
  (error as Error).name === 'ValidationException' || reasonsOf(error).some(({ Code }) => Code === 'ValidationError');
