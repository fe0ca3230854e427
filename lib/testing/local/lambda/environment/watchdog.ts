import { forgetGroup, watchGroup } from '../../../engines/watchdog';

/**
 * Ends the processes of functions with their run, whatever way it ends: a busy process does not notice that the pipe to its
 * parent is closed, and its children never do.
 */
export class Watchdog {
  private readonly groups = new Set<number>();

  /** From now on, the group of a process ends with the run. */
  watch(group: number): void {
    this.groups.add(group);
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
  }
}
