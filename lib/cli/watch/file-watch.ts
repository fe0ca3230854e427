import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** What is watched. */
export interface WatchedFiles {
  /** Files and folders. */
  readonly roots: readonly string[];
  /** Folders that are left out, absolute. */
  readonly excluded: readonly string[];
}

/** Never sources: packages and dotfiles. */
const LEFT_OUT = /^(node_modules$|\.)/;
/** Time between two scans, in milliseconds. */
const PAUSE = 150;
/** An editor that writes several files, or one in pieces, counts as done when nothing changes for this long. */
const QUIET = 40;
/** The share of time that scans may take. */
const SHARE = 1 / 20;
/** Larger files are compared only by size and time. */
const LARGE = 2 ** 20;

interface Seen {
  readonly stamp: string;
  readonly hash: string;
}

/**
 * Finds changed files by scanning all of them: that works for every editor, on every file system and in every
 * container, and needs no raised limits. A file rewritten with the same content has not changed, so that a build that
 * writes among the sources does not trigger itself forever.
 */
export class FileWatch {
  private seen: Map<string, Seen>;
  private stopped = false;

  /**
   * Starts scanning.
   * @param files called at each scan: what is watched may change
   * @param changed called with changed, added and removed files; absolute
   * @param failed called with the reason if scanning stops
   */
  constructor(
    private readonly files: () => WatchedFiles,
    private readonly changed: (files: readonly string[]) => void,
    failed: (error: unknown) => void,
  ) {
    this.seen = this.look();
    this.run().catch(failed);
  }

  /** The files that it follows; absolute. */
  get names(): readonly string[] {
    return [...this.seen.keys()];
  }

  /** Stops it. */
  stop(): void {
    this.stopped = true;
  }

  private async run(): Promise<void> {
    for (let pause = PAUSE; !this.stopped;) {
      await sleep(pause, undefined, { ref: false });
      const begun = performance.now();
      const found = new Set(this.differences());
      for (let more = found.size > 0; more && !this.stopped;) {
        await sleep(QUIET);
        const further = this.differences();
        for (const file of further) found.add(file);
        more = further.length > 0;
      }
      if (found.size > 0 && !this.stopped) this.changed([...found]);
      pause = Math.max(PAUSE, found.size > 0 ? 0 : (performance.now() - begun) / SHARE);
    }
  }

  private differences(): readonly string[] {
    const before = this.seen;
    const now = (this.seen = this.look());
    const gone = [...before.keys()].filter((file) => !now.has(file));
    const other = [...now].filter(([file, { hash }]) => before.get(file)?.hash !== hash).map(([file]) => file);
    return [...gone, ...other];
  }

  private look(): Map<string, Seen> {
    const { roots, excluded } = this.files();
    const found = new Map<string, Seen>();
    const folders = new Set<string>();
    const visit = (file: string): void => {
      if (found.has(file) || excluded.includes(file)) return;
      const stats = statsOf(file);
      if (stats?.isDirectory()) {
        // A link may lead to a folder above.
        const folder = `${stats.dev} ${stats.ino}`;
        if (folders.has(folder)) return;
        folders.add(folder);
        for (const name of namesIn(file)) if (!isLeftOut(name)) visit(path.join(file, name));
      } else if (stats?.isFile()) {
        const stamp = `${stats.mtimeMs} ${stats.size} ${stats.ino}`;
        const known = this.seen?.get(file);
        found.set(file, known?.stamp === stamp ? known : { stamp, hash: hashOf(file, stats.size) ?? stamp });
      }
    };
    for (const root of roots) visit(path.resolve(root));
    return found;
  }
}

/** Whether files and folders of a name are not followed. */
export function isLeftOut(name: string): boolean {
  return LEFT_OUT.test(name);
}

/** Undefined for files that vanished in between or cannot be read. */
function statsOf(file: string): Stats | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function hashOf(file: string, size: number): string | undefined {
  if (size > LARGE) return undefined;
  try {
    return createHash('sha1').update(readFileSync(file)).digest('hex');
  } catch {
    return undefined;
  }
}
