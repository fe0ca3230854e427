import { messageOf } from './errors';
import type { Logs } from './logs';

/** Work that nobody waits for, such as the loops of pollers: what fails in it is said at once, and thrown to whoever waits for the run. */
export class Background {
  private readonly failures: unknown[] = [];

  /** @param logs where a failure is said */
  constructor(private readonly logs: Logs) {}

  /** Lets some work run by itself. @param source whose it is, in the logs */
  run(source: string, work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      this.failures.push(error);
      this.logs.write(source, `ERROR the local run itself failed here: ${messageOf(error)}`);
    });
  }

  /** @throws the first failure, if there was one */
  check(): void {
    if (this.failures.length > 0) throw this.failures[0];
  }
}
