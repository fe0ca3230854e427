import { reasonsOf } from '../event-store/patience';
import type { ParkedMark } from './types';

/** What the team's code or the stored events do not allow: it parks the aggregate. All else is a failure of infrastructure. */
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

/** What a stored event was found to be. */
export class Tampering extends Error {
  override readonly name = 'Tampering';
}

/** Makes a fault of what the team's code throws. */
export async function guarded<Result>(version: number, work: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw new Fault(version, error);
  }
}

/** Whether DynamoDB does not take a write, and never will. */
export const invalid = (error: unknown): boolean =>
  (error as Error).name === 'ValidationException' || reasonsOf(error).some(({ Code }) => Code === 'ValidationError');
