import { forgetGroup, watchGroup, watchMarked } from '../../../engines/watchdog';

/**
 * Ends the processes of functions with their run, however it ends: a busy process does not notice that the pipe to its
 * parent is closed, and its children never do.
 */
export class Watchdog {
  private readonly groups = new Set<number>();
  private endMarked: (() => void) | undefined;

  /**
   * @param place the directory of the run: a process with a variable inside it was started by a function
   * @default - only groups end
   */
  constructor(private readonly place?: () => string) {}

  /** Makes a process group end with the run. */
  watch(group: number): void {
    this.groups.add(group);
    if (this.place) this.endMarked ??= watchMarked(this.place());
    watchGroup(group);
  }

  forget(group: number): void {
    this.groups.delete(group);
    forgetGroup(group);
  }

  /** Ends every group that it still watches. */
  stop(): void {
    for (const group of [...this.groups]) {
      try {
        process.kill(-group, 'SIGKILL');
      } catch {
        // It has already exited.
      }
      this.forget(group);
    }
    this.endMarked?.();
    this.endMarked = undefined;
  }
}
