'use strict';
// Custom resources send their response to the event's `ResponseURL` over HTTPS on port 443, whatever the URL says:
// cfn-response and CDK's provider framework do so. A local run's URL has its port in the path; such requests go there,
// by HTTP. So do those to the connections of a WebSocket API, at the event's `domainName` or at the API's host.
const http = require('node:http');
const https = require('node:https');
const { syncBuiltinESMExports } = require('node:module');

const OWN = /^\/custom-resource\/(\d+)\//;
// Clients may reach the run by any name of this machine; the event's `domainName` is the one that they used.
const HERE = /^(127(\.\d{1,3}){3}|([\w-]+\.)*localhost)$/i;
const CONNECTIONS = /\/(@|%40)connections\//i;

/** @typedef {{ host: string, localPort: number }} Endpoint a host of AWS, and the port of its server here */

/**
 * @param {any[]} args of `https.request`
 * @param {readonly Endpoint[]} endpoints
 * @returns {any[] | undefined} those for `http.request`; undefined for a request to any other host
 */
function redirected([first, second, ...rest], endpoints) {
  const isUrl = typeof first === 'string' || first instanceof URL;
  const url = isUrl ? new URL(first) : undefined;
  const options = { ...(isUrl ? second : first) };
  const [, host, given] = /^(.*?)(?::(\d+))?$/.exec(url?.host ?? options.hostname ?? String(options.host ?? '')) ?? [];
  const path = url ? url.pathname : String(options.path ?? '');
  const port = localPort(host, given ?? options.port, path, endpoints);
  if (port === undefined) return undefined;
  const { agent, protocol, host: _, ...kept } = options;
  const isNamed = Object.keys(kept.headers ?? {}).some((name) => name.toLowerCase() === 'host');
  const headers = HERE.test(host ?? '') || isNamed ? kept.headers : { ...kept.headers, host };
  const callback = [second, ...rest].find((one) => typeof one === 'function');
  const here = { ...kept, ...(headers && { headers }), hostname: '127.0.0.1', port, path };
  return [here, ...(callback ? [callback] : [])];
}

/**
 * @param {string | undefined} host
 * @param {string | number | undefined} port
 * @param {string} path
 * @param {readonly Endpoint[]} endpoints
 */
function localPort(host, port, path, endpoints) {
  if (host === '127.0.0.1' && OWN.test(path)) return OWN.exec(path)?.[1];
  if (!CONNECTIONS.test(path)) return undefined;
  if (HERE.test(host ?? '')) return port;
  return endpoints.find((one) => one.host.toLowerCase() === host?.toLowerCase())?.localPort;
}

/**
 * Redirects requests for a local `ResponseURL`, and to connections, to the run.
 * @param {readonly Endpoint[]} endpoints
 */
function answerLocally(endpoints) {
  const { request } = https;
  https.request = /** @type {typeof request} */ (
    (/** @type {any[]} */ ...args) => {
      const own = redirected(args, endpoints);
      return own ? http.request(.../** @type {[any]} */ (own)) : request(.../** @type {[any]} */ (args));
    }
  );
  syncBuiltinESMExports();
}

module.exports = { answerLocally };
