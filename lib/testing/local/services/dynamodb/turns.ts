/** Work that goes on together, and work that must be alone: what one part of it reads, nothing else changes before the other. */
export class Turns {
  private readonly ongoing = new Set<Promise<unknown>>();
  private single: Promise<void> | undefined;

  /** Does something beside others that need not be alone. */
  async together<T>(work: () => Promise<T>): Promise<T> {
    while (this.single) await this.single;
    const done = work();
    const over = done.catch(() => undefined);
    this.ongoing.add(over);
    try {
      return await done;
    } finally {
      this.ongoing.delete(over);
    }
  }

  /** Does something when all that goes on has ended, and before anything else begins. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    while (this.single) await this.single;
    let end = (): void => undefined;
    this.single = new Promise((resolve) => (end = resolve));
    try {
      await Promise.all(this.ongoing);
      return await work();
    } finally {
      this.single = undefined;
      end();
    }
  }
}
