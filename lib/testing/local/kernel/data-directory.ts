import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { LocalRunError } from './errors';
import { parseJson } from './json';
import { own, ownerOf } from './owner';

/** Where a run keeps what the next one finds again; without a directory it keeps nothing. */
export class DataDirectory {
  /** Whether there was nothing in it. */
  readonly isNew: boolean;
  private readonly root: string | undefined;
  private readonly loaded = new Set<string>();
  private isOurs = false;

  /** @param directory as the user names it; made when it is not there */
  constructor(directory: string | undefined) {
    this.root = directory === undefined ? undefined : path.resolve(directory);
    this.isNew = this.root === undefined || !existsSync(this.root) || readdirSync(this.root).length === 0;
  }

  /**
   * Takes it for this run.
   * @throws LocalRunError while another run has it
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

  /** A part of it, made when it is not there; undefined where nothing is kept. */
  directory(name: string): string | undefined {
    if (this.root === undefined || !this.isOurs) return undefined;
    const directory = path.join(this.root, name);
    mkdirSync(directory, { recursive: true });
    return directory;
  }

  /**
   * What was kept under a name; undefined where nothing was.
   * @throws LocalRunError for a file that is not whole
   */
  read(name: string): unknown {
    if (this.root === undefined || !this.isOurs) return undefined;
    const file = path.join(this.root, name);
    const content = this.peek(name);
    if (content === undefined) throw new LocalRunError(`'${file}' is not JSON; delete it, or put back a copy`);
    this.loaded.add(name);
    return content;
  }

  /** Whether what is kept under a name was read by this run, which may write it. */
  owns(name: string): boolean {
    return this.loaded.has(name);
  }

  /** The same, without a claim to write it. */
  peek(name: string): unknown {
    const file = path.join(this.root ?? '', name);
    return this.root !== undefined && existsSync(file) ? parseJson(readFileSync(file, 'utf8')) : {};
  }

  /**
   * Keeps something under a name: all of it or nothing. What this run has not read it does not overwrite: a run that
   * could not start would leave nothing.
   */
  write(name: string, content: unknown): void {
    if (this.root === undefined || !this.owns(name)) return;
    const file = path.join(this.root, name);
    writeFileSync(`${file}.new`, JSON.stringify(content));
    renameSync(`${file}.new`, file);
  }
}
