const asyncHooks = require('node:async_hooks');
const { readFileSync } = require('node:fs');
const path = require('node:path');
const { default: Runtime } = require('jest-runtime');

const ROOT = path.resolve(__dirname, '../..');
/** Packages: what they keep is nothing that one file could do to another, except for the process of esbuild. */
const PACKAGES = /^(?!\/|lintel\/|@jest\/|esbuild$)[^.]/;
/** Our modules but what handlers import, which keeps its clients, and what adds matchers to the `expect` of a file. */
const OURS = /^(lib\/(?!runtime\/|testing\/[^/]+$)|patterns\/)/;
const ENTRIES = /^lintel\/(access|aws|edge|pulumi|rules)$/;
/** Of jest itself, what belongs to one file: its tests, its matchers and its snapshots. */
const OF_A_FILE = /^(expect|jest-circus|jest-each|jest-mock|jest-snapshot|@jest\/expect)(\/|$)/;
/** A file that replaces modules has ours for itself. */
const REPLACES = /\bjest\.(doMock|isolateModules|mock|resetModules)\b/;

/** @type {Runtime | undefined} */
let shared;
/** @type {Map<string, boolean>} */
const known = new Map();
/**
 * Modules that each file runs again, compiled once.
 * @type {Map<string, { readonly source: string, readonly code: Function }>}
 */
const compiled = new Map();

/**
 * Loads modules that outlive a test file once per worker instead of once per file, in a runtime of their own. It needs
 * the environment that all files share: their classes and errors are then those of the tests.
 */
class SharingRuntime extends Runtime {
  /** @param {ConstructorParameters<typeof Runtime>} args */
  constructor(...args) {
    super(...args);
    const [, , resolver, , , , file] = args;
    if (!shared) {
      shared = new Runtime(...args);
      // Our modules share one, which keeps the directory it was loaded in: a test may change that to one that is removed.
      shared.requireModule(file, 'esbuild');
    }
    /** @type {asyncHooks.AsyncLocalStorage<unknown>[]} */
    this.storages = [];
    this.alone = REPLACES.test(readFileSync(file, 'utf8'));
    this.paths = resolver;
    this.compileOnce(file);
  }

  /** @param {string} file the test file, which no other runs */
  compileOnce(file) {
    const { executor } = /** @type {{ executor: { compile(source: string, name: string): Function | null } }} */ (
      /** @type {unknown} */ (this)
    );
    const compile = executor.compile.bind(executor);
    executor.compile = (source, name) => {
      const found = compiled.get(name);
      if (found?.source === source) return found.code;
      const code = compile(source, name);
      if (code && name !== file) compiled.set(name, { source, code });
      return code;
    };
  }

  /**
   * @override
   * @template T
   * @param {Parameters<Runtime['requireModule']>} args
   * @returns {T}
   */
  requireModule(...args) {
    const [from, name = '', options] = args;
    if (shared && !options?.isInternalModule && this.isShared(from, name)) return shared.requireModule(from, name);
    return super.requireModule(...args);
  }

  /**
   * @override
   * @template T
   * @param {string} from
   * @param {string} [name]
   * @returns {T}
   */
  requireInternalModule(from, name = '') {
    if (name === 'node:async_hooks') return /** @type {T} */ (this.recordedHooks());
    if (shared && /^[^./]/.test(name) && !OF_A_FILE.test(name)) return shared.requireInternalModule(from, name);
    return super.requireInternalModule(from, name);
  }

  /**
   * The tests of each file run in a storage of their own, which Node.js would carry along from promise to promise for as long
   * as the worker lives.
   */
  recordedHooks() {
    const { storages } = this;
    /** @extends {asyncHooks.AsyncLocalStorage<unknown>} */
    class AsyncLocalStorage extends asyncHooks.AsyncLocalStorage {
      constructor() {
        super();
        storages.push(this);
      }
    }
    return { ...asyncHooks, AsyncLocalStorage };
  }

  /** @override */
  teardown() {
    for (const storage of this.storages) storage.disable();
    return super.teardown();
  }

  /**
   * @param {string} from
   * @param {string} name as it is imported
   */
  isShared(from, name) {
    if (PACKAGES.test(name)) return true;
    if (this.alone || !name.startsWith('.')) return !this.alone && ENTRIES.test(name);
    const key = path.resolve(from, '..', name);
    const found = known.get(key) ?? OURS.test(path.relative(ROOT, this.paths.resolveModule(from, name)));
    known.set(key, found);
    return found;
  }
}

module.exports = SharingRuntime;
