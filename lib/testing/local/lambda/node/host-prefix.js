'use strict';
// Some calls of the SDK go to a host of their own, `sync-states.eu-west-1.amazonaws.com`. The SDK puts the prefix before
// the host of any endpoint, so that it asks for `sync-127.0.0.1`: that is the gateway of the run as well.
const dns = require('node:dns');

const PREFIXED = /^[a-z]+-(127\.0\.0\.1)$/;

/** Lets hosts with a prefix be found. */
function resolvePrefixes() {
  const lookup = /** @type {(...args: unknown[]) => void} */ (/** @type {unknown} */ (dns.lookup));
  const found = (/** @type {string} */ host, /** @type {unknown[]} */ ...others) =>
    lookup(PREFIXED.exec(host)?.[1] ?? host, ...others);
  dns.lookup = /** @type {typeof dns.lookup} */ (/** @type {unknown} */ (found));
}

module.exports = { resolvePrefixes };
