import { createHash } from 'node:crypto';

/** How long a delivery waits for the one that should overtake it, in milliseconds. */
const PATIENCE = 50;

/** Logged when a handler fails on a repeated or late delivery. */
export const DISORDER = {
  twice: 'came twice',
  late: 'came after the one that followed it',
} as const;

/** How one delivery is disordered. */
export interface Turn {
  /** Whether it comes twice. */
  readonly repeated: boolean;
  /** Set if it lets the next one go first: resolves when it may go, with whether one did. */
  readonly held?: Promise<boolean>;
}

/**
 * Disorders deliveries of services that guarantee neither order nor exactly-once: now and then one is repeated, or
 * swapped with its successor. What happens to a source's nth delivery depends on the seed alone, so tests are
 * reproducible.
 */
export class Disorder {
  private readonly counts = new Map<string, number>();
  private readonly held = new Map<string, (overtaken: boolean) => void>();

  /**
   * @param share how many are repeated, and how many swapped: 0.05 is one in twenty of each; 0 is none
   * @param seed a different seed picks different deliveries
   */
  constructor(
    private readonly share: number,
    private readonly seed: number,
  ) {}

  /** Whether anything is disordered at all. */
  get isOn(): boolean {
    return this.share > 0;
  }

  /** Decides on a source's next delivery, which may wait for the one after it. */
  turn(source: string): Turn {
    const { repeated, swapped } = this.next(source);
    const release = this.held.get(source);
    this.held.delete(source);
    // This one starts first.
    if (release) setImmediate(release, true);
    return { repeated, ...(swapped && { held: this.hold(source) }) };
  }

  /** Whether a source's next item is repeated, and whether it is swapped with its neighbour. */
  next(source: string): { readonly repeated: boolean; readonly swapped: boolean } {
    if (this.share <= 0) return { repeated: false, swapped: false };
    const count = (this.counts.get(source) ?? 0) + 1;
    this.counts.set(source, count);
    const digest = createHash('sha256').update(`${this.seed} ${source} ${count}`).digest();
    const falls = (offset: number) => digest.readUInt32BE(offset) < this.share * 2 ** 32;
    return { repeated: falls(0), swapped: falls(4) };
  }

  private hold(source: string): Promise<boolean> {
    return new Promise((resolve) => {
      const release = (overtaken: boolean): void => {
        clearTimeout(timer);
        if (this.held.get(source) === release) this.held.delete(source);
        resolve(overtaken);
      };
      const timer = setTimeout(release, PATIENCE, false);
      this.held.set(source, release);
    });
  }
}

/** The log line of a function that failed on a repeated or swapped delivery. */
export function disorderNote(what: string, disorder: string): string {
  return `NOTE this run made sure that ${what} ${disorder}, as AWS may do; see the option 'disorder'`;
}
