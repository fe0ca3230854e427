import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { LocalRunError } from './errors';
import { parseJson } from './json';
import { own, ownerOf } from './owner';

/** What a run keeps for the next one; without a directory it keeps nothing. */
export class DataDirectory {
  /** Whether it was empty. */
  readonly isNew: boolean;
  private readonly root: string | undefined;
  private readonly loaded = new Set<string>();
  private isOurs = false;

  /** @param directory the user's choice; created if missing */
  constructor(directory: string | undefined) {
    this.root = directory === undefined ? undefined : path.resolve(directory);
    this.isNew = this.root === undefined || !existsSync(this.root) || readdirSync(this.root).length === 0;
  }

  /**
   * Claims it for this run.
   * @throws LocalRunError while another run uses it
   */
  open(): void {
    if (this.root === undefined) return;
    mkdirSync(this.root, { recursive: true });
    const owner = ownerOf(this.root);
    if (owner?.alive === true) {
      throw new LocalRunError(
        `the data directory '${this.root}' is in use by process ${owner.pid}; stop it, or name another`,
      );
    }
    own(this.root);
    this.isOurs = true;
  }

  close(): void {
    if (this.root !== undefined && this.isOurs) rmSync(path.join(this.root, 'owner.json'), { force: true });
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

  /**
   * What was kept under a name; undefined if nothing was.
   * @throws LocalRunError for an incomplete file
   */
  read(name: string): unknown {
    if (this.root === undefined || !this.isOurs) return undefined;
    const file = path.join(this.root, name);
    const content = this.peek(name);
    if (content === undefined) throw new LocalRunError(`'${file}' is not JSON; delete it, or put back a copy`);
    this.loaded.add(name);
    return content;
  }

  /** Whether this run has read what is kept under a name, and so may write it. */
  owns(name: string): boolean {
    return this.loaded.has(name);
  }

  /** The same, without claiming the right to write it. */
  peek(name: string): unknown {
    const file = path.join(this.root ?? '', name);
    return this.root !== undefined && existsSync(file) ? parseJson(readFileSync(file, 'utf8')) : {};
  }

  /**
   * Keeps something under a name, atomically. Never overwrites what this run has not read: otherwise a run that failed
   * to start would leave nothing.
   */
  write(name: string, content: unknown): void {
    if (this.root === undefined || !this.owns(name)) return;
    const file = path.join(this.root, name);
    writeFileSync(`${file}.new`, JSON.stringify(content));
    renameSync(`${file}.new`, file);
  }
}
