const { default: Sequencer } = require('@jest/test-sequencer');

/** The slowest test starts first, also where jest has not timed any yet: on two cores it would end alone. */
module.exports = class extends Sequencer {
  /**
   * @override
   * @param {import('@jest/test-result').Test[]} tests
   */
  async sort(tests) {
    const rank = (/** @type {import('@jest/test-result').Test} */ { path }) =>
      path.includes('/test/package/') ? 0 : 1;
    return [...(await super.sort(tests))].sort((a, b) => rank(a) - rank(b));
  }
};
