import { clearTimeout, setTimeout } from 'node:timers'; // not the global ones, which a test may have replaced

/** A program that registers nothing for so long waits for something that never comes. In milliseconds. */
const STALLED_AFTER = 120_000;

/** How a run ends: by itself, by its first error, or not at all. */
export class Outcome {
  /** What went wrong, in order. */
  readonly errors: unknown[] = [];
  /** Whether it waits for something that never comes. */
  stalled = false;
  private timer: NodeJS.Timeout | undefined;
  private settle = (): void => undefined;

  /** Ends the run with an error. */
  fail(error: unknown): void {
    this.errors.push(error);
    this.settle();
  }

  stillBusy(): void {
    this.timer?.refresh();
  }

  /** Waits until a run has ended, however it does. */
  async of(run: Promise<void>): Promise<void> {
    await new Promise<void>((resolve) => {
      this.settle = resolve;
      this.timer = setTimeout(() => {
        this.stalled = true;
        resolve();
      }, STALLED_AFTER);
      run.then(resolve, (error: unknown) => this.fail(error));
      if (this.errors.length > 0) resolve();
    });
    clearTimeout(this.timer);
  }
}
