import { setTimeout as sleep } from 'node:timers/promises';

/** Looks until something is so; fails with what it was last. */
export async function until<T>(look: () => Promise<T>, is: (value: T) => boolean, seconds = 5): Promise<T> {
  for (const end = Date.now() + seconds * 1000; ; await sleep(20)) {
    const value = await look();
    if (is(value)) return value;
    if (Date.now() > end) throw new Error(`still ${JSON.stringify(value)} after ${seconds} seconds`);
  }
}
