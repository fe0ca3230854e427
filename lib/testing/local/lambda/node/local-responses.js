'use strict';
// Custom resources send their response to the event's `ResponseURL` over HTTPS on port 443, whatever the URL says:
// cfn-response and CDK's provider framework do so. A local run's URL has its port in the path; such requests go there,
// by HTTP. So do those to the connections of a WebSocket API, whose address handlers build as
// `https://${domainName}/${stage}`.
const http = require('node:http');
const https = require('node:https');
const { syncBuiltinESMExports } = require('node:module');

const OWN = /^\/custom-resource\/(\d+)\//;
const CONNECTIONS = /\/(@|%40)connections\//i;

/**
 * @param {any[]} args of `https.request`
 * @returns {any[] | undefined} those for `http.request`; undefined for a request to any other host
 */
function redirected([first, second, ...rest]) {
  const isUrl = typeof first === 'string' || first instanceof URL;
  const url = isUrl ? new URL(first) : undefined;
  const options = { ...(isUrl ? second : first) };
  const host = url?.hostname ?? options.hostname ?? String(options.host ?? '').replace(/:\d+$/, '');
  const path = url ? url.pathname : String(options.path ?? '');
  const named = url?.port || options.port || /:(\d+)$/.exec(String(options.host ?? ''))?.[1];
  const port = OWN.exec(path)?.[1] ?? (CONNECTIONS.test(path) ? named : undefined);
  if (host !== '127.0.0.1' || port === undefined) return undefined;
  const { agent, protocol, host: _, ...kept } = options;
  const callback = [second, ...rest].find((one) => typeof one === 'function');
  return [{ ...kept, hostname: host, port, path }, ...(callback ? [callback] : [])];
}

/** Redirects requests for a local `ResponseURL`, and to connections, to the run. */
function answerLocally() {
  const { request } = https;
  https.request = /** @type {typeof request} */ (
    (/** @type {any[]} */ ...args) => {
      const own = redirected(args);
      return own ? http.request(.../** @type {[any]} */ (own)) : request(.../** @type {[any]} */ (args));
    }
  );
  syncBuiltinESMExports();
}

module.exports = { answerLocally };
