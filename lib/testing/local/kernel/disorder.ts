import { createHash } from 'node:crypto';

/** How long something waits for what should overtake it, in milliseconds. */
const PATIENCE = 50;

/** What is said of something that came twice, or late: the log has it where a handler fails on it. */
export const DISORDER = {
  twice: 'came twice',
  late: 'came after the one that followed it',
} as const;

/** What becomes of one delivery. */
export interface Turn {
  /** Whether it comes twice. */
  readonly repeated: boolean;
  /** Where it lets the next one go first: resolves when it may go, with whether another one went. */
  readonly held?: Promise<boolean>;
}

/**
 * The order and number of what services deliver, where they promise neither: now and then something comes twice, or after
 * the one that followed it. What happens to the nth delivery of a source depends on the seed alone, so that a test repeats
 * itself.
 */
export class Disorder {
  private readonly counts = new Map<string, number>();
  private readonly held = new Map<string, (overtaken: boolean) => void>();

  /**
   * @param share how many are repeated, and how many swapped: 0.05 is one in twenty of each; 0 is none
   * @param seed another one chooses others
   */
  constructor(
    private readonly share: number,
    private readonly seed: number,
  ) {}

  /** Whether anything is out of order at all. */
  get isOn(): boolean {
    return this.share > 0;
  }

  /** What becomes of the next delivery of a source, which may wait for the one after it. */
  turn(source: string): Turn {
    const { repeated, swapped } = this.next(source);
    const release = this.held.get(source);
    this.held.delete(source);
    // This one begins first.
    if (release) setImmediate(release, true);
    return { repeated, ...(swapped && { held: this.hold(source) }) };
  }

  /** Whether the next item of a source comes twice, and whether it is swapped with its neighbour. */
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

/** The line in a function's log, where it fails on something that was repeated or swapped. */
export function disorderNote(what: string, disorder: string): string {
  return `NOTE this run made sure that ${what} ${disorder}, as AWS may do; see the option 'disorder'`;
}
