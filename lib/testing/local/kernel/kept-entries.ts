import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { LocalRunError } from './errors';
import { parseJson } from './json';

/** Changes after which the file may be rewritten, if most of them are obsolete. */
const MANY = 10_000;

/** A change: an entry's key and new value, or the key of a deleted one. */
type Change = readonly [key: string, value?: unknown];

/**
 * JSON values by key, in order of addition. Each change is in the file when the call returns, so that a killed process
 * loses none; a machine that loses power may.
 */
export class KeptEntries<T> {
  private readonly entries = new Map<string, T>();
  private descriptor: number | undefined;
  private changes = 0;

  /** @param file undefined if nothing is kept */
  constructor(private readonly file: string | undefined) {}

  /**
   * Reads what was kept; only then is anything written.
   * @throws LocalRunError for a damaged file
   */
  open(): ReadonlyMap<string, T> {
    if (this.file === undefined || this.descriptor !== undefined) return this.entries;
    if (existsSync(this.file)) this.read(this.file);
    this.descriptor = openSync(this.file, 'a', 0o600);
    return this.entries;
  }

  /** Adds an entry, or replaces it in its place. */
  set(key: string, value: T): void {
    if (this.descriptor === undefined) return;
    this.entries.set(key, value);
    this.append([key, value]);
  }

  delete(key: string): void {
    if (this.entries.delete(key)) this.append([key]);
  }

  close(): void {
    if (this.descriptor === undefined) return;
    this.rewrite();
    closeSync(this.descriptor);
    this.descriptor = undefined;
    this.entries.clear();
  }

  private append(change: Change): void {
    if (this.descriptor === undefined) return;
    const line = Buffer.from(`${JSON.stringify(change)}\n`);
    let written = 0;
    try {
      while (written < line.length) written += writeSync(this.descriptor, line, written);
    } catch (error) {
      // A full disk took part of the line, which the next one must not continue.
      ftruncateSync(this.descriptor, fstatSync(this.descriptor).size - written);
      throw error;
    }
    this.changes++;
    if (this.changes > MANY && this.changes > 4 * this.entries.size) this.rewrite();
  }

  /** Leaves only the current entries in the file. */
  private rewrite(): void {
    if (this.file === undefined || this.descriptor === undefined) return;
    const lines = [...this.entries].map((entry) => `${JSON.stringify(entry)}\n`);
    writeFileSync(`${this.file}.new`, lines.join(''), { mode: 0o600 });
    closeSync(this.descriptor);
    renameSync(`${this.file}.new`, this.file);
    this.descriptor = openSync(this.file, 'a', 0o600);
    this.changes = lines.length;
  }

  private read(file: string): void {
    const source = readFileSync(file, 'utf8');
    const whole = source.slice(0, source.lastIndexOf('\n') + 1);
    // A process that was killed while it wrote leaves part of a line, which it has told nobody of.
    if (whole.length < source.length) truncateSync(file, Buffer.byteLength(whole));
    for (const line of whole.split('\n').slice(0, -1)) {
      const change = parseJson(line);
      if (!Array.isArray(change)) throw new LocalRunError(`'${file}' is damaged; delete it, or put back a copy`);
      const [key, value] = change as unknown as readonly [string, T?];
      if (value === undefined) this.entries.delete(key);
      else this.entries.set(key, value);
      this.changes++;
    }
  }
}
