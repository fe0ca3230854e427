import { messageOf } from './errors';
import type { Logs } from './logs';

/** Background work, such as pollers' loops: a failure is logged at once, and thrown to whoever waits for the run. */
export class Background {
  private readonly failures: unknown[] = [];

  /** @param logs where failures are logged */
  constructor(private readonly logs: Logs) {}

  /** Runs work in the background. @param source its owner, in the logs */
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
