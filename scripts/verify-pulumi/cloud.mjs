// A cloud in a file: what exists, and what was asked of it. Providers are started and ended by the engine at will, so
// nothing is kept in memory.
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';

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
    writeFileSync(this.file, JSON.stringify({ ...this.things(), [`${kind}/${id}`]: thing }, null, 1));
  }

  /** @param {string} kind @param {string} id */
  remove(kind, id) {
    const { [`${kind}/${id}`]: _gone, ...rest } = this.things();
    writeFileSync(this.file, JSON.stringify(rest, null, 1));
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
