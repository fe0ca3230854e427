const { default: Runtime } = require('jest-runtime');

/** Packages that take long to load, and whose modules keep nothing that one test could do to another. */
const SHARED = /^(aws-cdk-lib|constructs|cdk-nag|@aws-solutions-constructs|@pulumi)(\/|$)/;

/** @type {Runtime | undefined} */
let packages;

/**
 * Loads the modules of large packages once per worker instead of once per test file, in a runtime that outlives the
 * files. It needs the environment that all files share: their classes and errors are then those of the tests.
 */
class SharingRuntime extends Runtime {
  /** @param {ConstructorParameters<typeof Runtime>} args */
  constructor(...args) {
    super(...args);
    packages ??= new Runtime(...args);
  }

  /**
   * @override
   * @template T
   * @param {Parameters<Runtime['requireModule']>} args
   * @returns {T}
   */
  requireModule(...args) {
    const [from, name = '', options] = args;
    if (packages && SHARED.test(name) && !options?.isInternalModule) return packages.requireModule(from, name);
    return super.requireModule(...args);
  }
}

module.exports = SharingRuntime;
