// What Step Functions adds to the functions of JSONata, as AWS was seen to answer; and what it takes away.
const { createHash, randomUUID } = require('node:crypto');
const { javaRandom } = require('./java-random');

const ALGORITHMS = { MD5: 'md5', 'SHA-1': 'sha1', 'SHA-256': 'sha256', 'SHA-384': 'sha384', 'SHA-512': 'sha512' };

/** The most elements that one expression may hold: AWS counts memory, of which this many numbers take all. */
const MAX_ELEMENTS = 873_782;

/** What ends an expression that holds too much. */
const MEMORY = { message: 'Expression evaluation memory limit exceeded: Check for excessive memory usage' };

/** @param {number} value */
const whole = (value) => Math.trunc(value);

/**
 * @param {unknown[] | undefined} list
 * @param {number} size
 */
function partition(list, size) {
  if (list === undefined || size === undefined) return undefined;
  const step = whole(size);
  if (step < 1) throw { message: 'The second argument of function "partition" must be a positive number' };
  const items = Array.isArray(list) ? list : [list];
  return Array.from({ length: Math.ceil(items.length / step) }, (_, index) =>
    items.slice(index * step, (index + 1) * step),
  );
}

/**
 * @param {number} first
 * @param {number} last
 * @param {number} step
 */
function range(first, last, step) {
  if (first === undefined || last === undefined || step === undefined) return undefined;
  const [from, to, by] = [whole(first), whole(last), whole(step)];
  if (by === 0) throw { message: 'The third argument of function "range" must not be zero' };
  const count = Math.max(0, Math.floor((to - from) / by) + 1);
  if (count > MAX_ELEMENTS) throw MEMORY;
  const numbers = Array.from({ length: count }, (_, index) => from + index * by);
  // A sequence of one is the one, and an empty one is nothing.
  return count > 1 ? numbers : numbers[0];
}

/**
 * @param {string} data
 * @param {string} algorithm
 */
function hash(data, algorithm) {
  if (data === undefined || algorithm === undefined) return undefined;
  const known = Object.hasOwn(ALGORITHMS, algorithm) ? ALGORITHMS[/** @type {'MD5'} */ (algorithm)] : undefined;
  if (!known)
    throw { message: `The hashing algorithm "${algorithm}" is not one of ${Object.keys(ALGORITHMS).join(', ')}` };
  return createHash(known).update(data).digest('hex');
}

/** @param {number} [seed] */
function random(seed) {
  return seed === undefined ? Math.random() : javaRandom(whole(seed));
}

/** @param {string} text */
function parse(text) {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw {
      message: `The argument of function "parse" is not JSON: ${error instanceof Error ? error.message : error}`,
    };
  }
}

/**
 * Gives an expression the functions of Step Functions.
 * @param {import('jsonata').Expression} expression
 * @param {number} now the time of the services, in milliseconds
 * @param {import('jsonata').Expression} format `$fromMillis($millis, $picture, $timezone)`
 */
function addFunctions(expression, now, format) {
  expression.registerFunction('partition', partition, '<an:a>');
  expression.registerFunction('range', range, '<nnn:x>');
  expression.registerFunction('hash', hash, '<ss:s>');
  expression.registerFunction('random', random, '<n?:n>');
  expression.registerFunction('uuid', () => randomUUID(), '<:s>');
  expression.registerFunction('parse', parse, '<s:x>');
  expression.registerFunction('millis', () => now, '<:n>');
  const formatted = (/** @type {string} */ picture, /** @type {string} */ timezone) =>
    format.evaluate(undefined, { millis: now, picture, timezone });
  expression.registerFunction('now', formatted, '<s?s?:s>');
  expression.assign('eval', undefined);
}

module.exports = { addFunctions, MAX_ELEMENTS, MEMORY };
