'use strict';
// Databases keep their AWS names and ports here. A connection to one is redirected to its server on this machine, or
// times out if the templates let nothing through.
const net = require('node:net');

/**
 * @typedef {object} Route
 * @property {string} host
 * @property {number} port
 * @property {number} localPort
 * @property {string} [closed] why it cannot be reached
 */

/** @param {Route[]} routes */
function leadConnections(routes) {
  if (routes.length === 0) return;
  const hosts = new Set(routes.map(({ host }) => host));
  const { connect } = net.Socket.prototype;
  /** @this {import('node:net').Socket} @param {any[]} args */
  function led(...args) {
    const [first] = args;
    // `net.connect` passes its normalized arguments as an array.
    const options = optionsOf(Array.isArray(first) ? first : args);
    if (!hosts.has(options.host)) return connect.apply(this, /** @type {any} */ (args));
    const route = routes.find(({ host, port }) => host === options.host && port === Number(options.port));
    const callback = (Array.isArray(first) ? first : args).find((one) => typeof one === 'function');
    if (!route || route.closed !== undefined) {
      const reason = route?.closed ?? `nothing listens on port ${options.port} of '${options.host}'`;
      process.stdout.write(`NOTE ${options.host}:${options.port} is not reached: ${reason}\n`);
      process.nextTick(() => this.destroy(timedOut(options)));
      return this;
    }
    const { lookup: _lookup, ...rest } = options;
    const here = { ...rest, host: '127.0.0.1', port: route.localPort };
    return connect.call(this, here, ...(callback ? [callback] : []));
  }
  net.Socket.prototype.connect = /** @type {any} */ (led);
}

/** @param {any[]} args @returns {any} */
function optionsOf([first, second]) {
  if (typeof first === 'object' && first !== null) return first;
  return { port: first, host: typeof second === 'string' ? second : 'localhost' };
}

/** The system's timeout error, but at once. @param {{ host: string, port: number }} options */
function timedOut({ host, port }) {
  const fields = { errno: -110, code: 'ETIMEDOUT', syscall: 'connect', address: host, port: Number(port) };
  return Object.assign(new Error(`connect ETIMEDOUT ${host}:${port}`), fields);
}

module.exports = { leadConnections };
