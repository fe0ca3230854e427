// The generator of java.util.Random: a seed gives the number that it gives on AWS, bit for bit.
const MULTIPLIER = 0x5deece66dn;
const MASK = (1n << 48n) - 1n;

/**
 * The first `nextDouble()` after a seed.
 * @param {number} seed
 */
function javaRandom(seed) {
  let state = (BigInt.asUintN(64, BigInt(seed)) ^ MULTIPLIER) & MASK;
  const next = (/** @type {bigint} */ bits) => {
    state = (state * MULTIPLIER + 0xbn) & MASK;
    return state >> (48n - bits);
  };
  const high = next(26n);
  const low = next(27n);
  return Number((high << 27n) + low) / 2 ** 53;
}

module.exports = { javaRandom };
