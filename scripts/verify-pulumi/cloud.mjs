// A cloud in a file: what exists, and what was asked of it. Providers are started and ended by the engine at will, so
// nothing is kept in memory.
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmdirSync, writeFileSync } from 'node:fs';

/**
 * @typedef {Record<string, any>} Properties
 * @typedef {{ properties: Properties, hidden: Properties }} Thing `hidden` is what only the cloud knows
 * @typedef {{ operation: string, kind: string, id: string, properties?: Properties, error?: string }} Entry
 */

export class Cloud {
  /** @param {string} file */
  constructor(file) {
    this.file = file;
  }

  /** @returns {Record<string, Thing>} everything, by `kind/id` */
  things() {
    return existsSync(this.file) ? JSON.parse(readFileSync(this.file, 'utf8')) : {};
  }

  /** @param {string} kind @param {string} id @returns {Thing | undefined} */
  find(kind, id) {
    return this.things()[`${kind}/${id}`];
  }

  /** @param {string} kind @returns {[string, Thing][]} */
  all(kind) {
    const prefix = `${kind}/`;
    return Object.entries(this.things()).flatMap(([key, thing]) =>
      key.startsWith(prefix) ? [/** @type {[string, Thing]} */ ([key.slice(prefix.length), thing])] : [],
    );
  }

  /** @param {string} kind @param {string} id @param {Thing} thing */
  put(kind, id, thing) {
    this.change((things) => ({ ...things, [`${kind}/${id}`]: thing }));
  }

  /** @param {string} kind @param {string} id */
  remove(kind, id) {
    this.change(({ [`${kind}/${id}`]: _gone, ...rest }) => rest);
  }

  /**
   * Changes what exists, alone and in one step: each provider is a process of its own.
   * @param {(things: Record<string, Thing>) => Record<string, Thing>} how
   */
  change(how) {
    const lock = `${this.file}.lock`;
    while (!tryTo(() => mkdirSync(lock))) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    try {
      writeFileSync(`${this.file}.new`, JSON.stringify(how(this.things()), null, 1));
      renameSync(`${this.file}.new`, this.file);
    } finally {
      rmdirSync(lock);
    }
  }

  /** A new id, the same in every run of the same steps. @param {string} seed */
  newId(seed) {
    return createHash('sha256').update(`${seed}#${this.log().length}`).digest('hex').slice(0, 32);
  }

  /** @param {Entry} entry */
  note(entry) {
    appendFileSync(`${this.file}.log`, `${JSON.stringify(entry)}\n`);
  }

  /** @returns {Entry[]} what was asked of it, in order */
  log() {
    const file = `${this.file}.log`;
    if (!existsSync(file)) return [];
    return readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  }
}

/** @param {() => unknown} action @returns whether it was done; false where another process was first */
function tryTo(action) {
  try {
    action();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}
