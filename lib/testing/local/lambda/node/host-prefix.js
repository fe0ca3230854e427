'use strict';
// Some SDK calls use a host prefix: `sync-states.eu-west-1.amazonaws.com`. The SDK adds it to any endpoint's host, so
// it looks up `sync-127.0.0.1`, which must resolve to the run's gateway too.
const dns = require('node:dns');

const PREFIXED = /^[a-z]+-(127\.0\.0\.1)$/;

/** Resolves prefixed hosts. */
function resolvePrefixes() {
  const lookup = /** @type {(...args: unknown[]) => void} */ (/** @type {unknown} */ (dns.lookup));
  const found = (/** @type {string} */ host, /** @type {unknown[]} */ ...others) =>
    lookup(PREFIXED.exec(host)?.[1] ?? host, ...others);
  dns.lookup = /** @type {typeof dns.lookup} */ (/** @type {unknown} */ (found));
}

module.exports = { resolvePrefixes };
