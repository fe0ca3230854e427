'use strict';
// Node 20 and 22: util.inspect(error, { colors: true }) runs for most of a minute when a line of the stack ends in
// node_modules/@scope/file, as those of @pulumi's source maps do. Errors are shown without colours instead.
const util = require('node:util');
const inspect = util.inspect;

/** @param {unknown} value @param {unknown} options @param {unknown[]} rest */
function quiet(value, options, ...rest) {
  const plain = value instanceof Error && typeof options === 'object' && options !== null;
  return Reflect.apply(inspect, util, [value, plain ? { ...options, colors: false } : options, ...rest]);
}

util.inspect = Object.assign(quiet, inspect);
