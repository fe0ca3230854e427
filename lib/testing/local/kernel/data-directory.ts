import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { LocalRunError } from './errors';
import { KeptEntries } from './kept-entries';
import { parseJson } from './json';
import { OWNER, own, ownerOf } from './owner';

/** The file that is there until a new directory has all of its seed. */
const UNFINISHED = 'unfinished';

/** The directories of the runs of this process. */
const OPEN = new Set<string>();

/** What a run keeps for the next one; without a directory it keeps nothing. */
export class DataDirectory {
  private isWithoutData = true;
  private readonly root: string | undefined;
  private readonly loaded = new Set<string>();
  private readonly opened: { close(): void }[] = [];
  private isOurs = false;

  /** @param directory the user's choice; created if missing */
  constructor(directory: string | undefined) {
    this.root = directory === undefined ? undefined : path.resolve(directory);
  }

  /** Whether it had no data when it was claimed, or only part of its seed, which was removed. */
  get isNew(): boolean {
    return this.isWithoutData;
  }

  /**
   * Claims it for this run.
   * @param seeded whether a new directory gets a seed, which ends with `finish()`
   * @throws LocalRunError while another run uses it
   */
  open(seeded = false): void {
    if (this.root === undefined) return;
    mkdirSync(this.root, { recursive: true });
    const owner = ownerOf(this.root);
    // A container that is started again has the name and the process ids that it had when it was killed.
    const isOfBefore = owner?.pid === process.pid && !OPEN.has(this.root);
    if (owner?.alive === true && !isOfBefore) {
      throw new LocalRunError(
        `the data directory '${this.root}' is in use by process ${owner.pid}; stop it, or name another`,
      );
    }
    own(this.root);
    OPEN.add(this.root);
    this.isOurs = true;
    // Not earlier: another run may have filled it in the meantime.
    this.isWithoutData = this.content.length === 0 || this.content.includes(UNFINISHED);
    if (!this.isWithoutData) return;
    // The marker goes last: a process may be killed here, too.
    for (const name of [...this.content.filter((one) => one !== UNFINISHED), UNFINISHED]) {
      rmSync(path.join(this.root, name), { recursive: true, force: true });
    }
    if (seeded) writeFileSync(path.join(this.root, UNFINISHED), '');
  }

  /** Says that the seed is complete. */
  finish(): void {
    if (this.root !== undefined && this.isOurs) rmSync(path.join(this.root, UNFINISHED), { force: true });
  }

  close(): void {
    for (const entries of this.opened.splice(0)) entries.close();
    if (this.root !== undefined && this.isOurs) {
      rmSync(path.join(this.root, OWNER), { force: true });
      OPEN.delete(this.root);
    }
    this.isOurs = false;
    this.loaded.clear();
  }

  /** A subdirectory, created if missing; undefined if nothing is kept. */
  directory(name: string): string | undefined {
    if (this.root === undefined || !this.isOurs) return undefined;
    const directory = path.join(this.root, name);
    mkdirSync(directory, { recursive: true });
    return directory;
  }

  /** Entries that are kept under a name as they change. */
  entries<T>(name: string): KeptEntries<T> {
    const entries = new KeptEntries<T>(this.root === undefined ? undefined : path.join(this.root, name));
    this.opened.push(entries);
    return entries;
  }

  /**
   * What was kept under a name; undefined if nothing was.
   * @throws LocalRunError for an incomplete file
   */
  read(name: string): unknown {
    if (this.root === undefined || !this.isOurs) return undefined;
    const file = path.join(this.root, name);
    const content = existsSync(file) ? parseJson(readFileSync(file, 'utf8')) : {};
    if (content === undefined) throw new LocalRunError(`'${file}' is not JSON; delete it, or put back a copy`);
    this.loaded.add(name);
    return content;
  }

  /**
   * Keeps something under a name, atomically. Never overwrites what this run has not read: otherwise a run that failed
   * to start would leave nothing.
   */
  write(name: string, content: unknown): void {
    if (this.root === undefined || !this.loaded.has(name)) return;
    const file = path.join(this.root, name);
    writeFileSync(`${file}.new`, JSON.stringify(content));
    renameSync(`${file}.new`, file);
  }

  /** Its files and directories, without its owner and what a user may have in any directory: `.gitignore`. */
  private get content(): readonly string[] {
    if (this.root === undefined || !existsSync(this.root)) return [];
    return readdirSync(this.root).filter((name) => name !== OWNER && !name.startsWith('.'));
  }
}
