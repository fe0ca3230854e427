import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** How many entries a store keeps, and how many bytes: the oldest go first. */
const MOST_ENTRIES = 1000;
const MOST_BYTES = 256 * 1024 * 1024;

/**
 * Values by key in a folder of a project's `node_modules`, where every tool of JavaScript keeps what it can make anew. A
 * value is one file, written under another name and moved into place, so that programs that run at the same time never see
 * half of one; what is damaged is not there; and nothing that goes wrong here is the user's concern: his build is only slower.
 */
export class Store {
  /** The bundles of a project. */
  static of(project: string): Store {
    return new Store(join(cacheFolder(project), 'bundles'));
  }

  private pruned = false;

  constructor(private readonly folder: string) {}

  /** The file system's time, which may differ from the clock's; undefined if nothing can be written. */
  now(): number | undefined {
    return attempt(() => {
      mkdirSync(this.folder, { recursive: true });
      const file = join(this.folder, `now.${process.pid}.draft`);
      writeFileSync(file, '');
      const { mtimeMs } = statSync(file);
      rmSync(file, { force: true });
      return mtimeMs;
    });
  }

  /** The value of a key; undefined if there is none, or it is damaged. */
  get(key: string): unknown {
    return attempt(() => {
      const file = this.fileOf(key);
      if (!existsSync(file)) return undefined;
      const text = readFileSync(file, 'utf8');
      const end = text.indexOf('\n');
      const value = text.slice(end + 1);
      if (text.slice(0, end) !== hash(value)) return undefined;
      // The oldest in use is the last to go.
      attempt(() => utimesSync(file, new Date(), new Date()));
      return JSON.parse(value) as unknown;
    });
  }

  set(key: string, value: unknown): void {
    attempt(() => {
      const text = JSON.stringify(value);
      const file = this.fileOf(key);
      const draft = `${file}.${process.pid}.draft`;
      writeFileSync(draft, `${hash(text)}\n${text}`);
      renameSync(draft, file);
      if (!this.pruned) this.prune();
    });
  }

  private fileOf(key: string): string {
    return join(this.folder, `${hash(key)}.json`);
  }

  private prune(): void {
    this.pruned = true;
    const entries = readdirSync(this.folder)
      .map((name) => ({ file: join(this.folder, name), stats: statSync(join(this.folder, name)) }))
      .sort((a, b) => b.stats.mtimeMs - a.stats.mtimeMs);
    let bytes = 0;
    entries.forEach(({ file, stats: { size, mtimeMs } }, index) => {
      bytes += size;
      const abandoned = file.endsWith('.draft') && entries[0]!.stats.mtimeMs - mtimeMs > AN_HOUR;
      if (index >= MOST_ENTRIES || bytes > MOST_BYTES || abandoned) attempt(() => rmSync(file, { force: true }));
    });
  }
}

/** The cache's location: in the nearest `node_modules` above a project, or else in its own. */
export function cacheFolder(project: string): string {
  const home = upward(project).find((directory) => existsSync(join(directory, 'node_modules'))) ?? project;
  return join(home, 'node_modules', '.cache', 'lintel');
}

const AN_HOUR = 3_600_000;

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}

function upward(directory: string): readonly string[] {
  const parent = dirname(directory);
  return parent === directory ? [directory] : [directory, ...upward(parent)];
}
