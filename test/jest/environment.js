const { installCommonGlobals } = require('jest-util');
const { TestEnvironment } = require('jest-environment-node');

/** What the modules of the CDK and of Pulumi have stored in it while they were loaded, and need for as long as they live. */
const KEPT = ['__cdkTokenMap', 'asyncLocalStorage', 'proto'];

/** @type {SharedEnvironment | undefined} */
let shared;

/**
 * One global object for all test files of a worker, so that large packages need to be loaded once per worker (see
 * runtime.js): between files it gets a new `process` and loses what a test has added or changed.
 */
class SharedEnvironment extends TestEnvironment {
  /** @param {ConstructorParameters<typeof TestEnvironment>} args */
  constructor(...args) {
    if (shared) return shared;
    super(...args);
    /** @type {PropertyDescriptorMap} */
    this.original = Object.getOwnPropertyDescriptors(this.global);
    shared = this;
  }

  /** @override */
  async teardown() {
    this.fakeTimers?.useRealTimers();
    this.fakeTimersModern?.useRealTimers();
    const original = this.original ?? {};
    for (const name of Reflect.ownKeys(this.global)) {
      const kept = Object.hasOwn(original, name) || KEPT.includes(String(name));
      if (!kept) Reflect.deleteProperty(this.global, name);
    }
    for (const name of Reflect.ownKeys(original)) {
      const first = Reflect.get(original, name);
      const found = Object.getOwnPropertyDescriptor(this.global, name);
      if (found?.value !== first.value && first.configurable) Object.defineProperty(this.global, name, first);
    }
    // Jest does not export what makes a `process` for tests, and what does refuses a global object for the second time.
    const fresh = Object.assign(Object.create(null), { Symbol: this.global.Symbol, Date: this.global.Date });
    installCommonGlobals(fresh, {});
    this.global.process = fresh.process;
  }
}

module.exports = SharedEnvironment;
