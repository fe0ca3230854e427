import { clearTimeout, setTimeout } from 'node:timers'; // not the global ones, which a test may have replaced

/** A program that registers nothing for this long awaits something that never comes. In milliseconds. */
const STALLED_AFTER = 120_000;

/** How a run ends: normally, by its first error, or never. */
export class Outcome {
  /** The errors, in order. */
  readonly errors: unknown[] = [];
  /** Whether it awaits something that never comes. */
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

  /** Waits until a run has ended, in whatever way. */
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
