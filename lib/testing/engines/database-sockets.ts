import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Server, Socket } from 'node:net';

/** Functions of Miniflare that open a connection to a database. */
const OPENS = /HyperdriveProxyController|createPlainTCPConnection/;
const CLIENT = 'net.client.socket';
const SERVER = 'net.server.socket';

let engines = 0;
let opened: Socket | undefined;

/**
 * Listens for errors of the connections between Workers and databases while engines run. Miniflare's proxy does not: a
 * database that resets or refuses a connection would end this process, and its Worker would wait for ever.
 * @returns ends it
 */
export function guardDatabaseSockets(): () => void {
  if (engines++ === 0) {
    subscribe(CLIENT, onClient);
    subscribe(SERVER, onServer);
  }
  return () => {
    if (--engines > 0) return;
    unsubscribe(CLIENT, onClient);
    unsubscribe(SERVER, onServer);
  };
}

/** A connection to a database, made by the proxy while it handles one of a Worker. */
function onClient(message: unknown): void {
  if (!OPENS.test(new Error().stack ?? '')) return;
  opened = (message as { readonly socket: Socket }).socket;
  opened.on('error', () => undefined);
}

/** A connection of a Worker: Node.js tells of it after the proxy has handled it. */
function onServer(message: unknown): void {
  const worker = (message as { readonly socket: Socket & { readonly server?: Server } }).socket;
  const database = opened;
  opened = undefined;
  if (!database || !isProxy(worker.server)) return;
  worker.on('error', () => undefined);
  worker.once('close', () => database.destroy());
  database.once('close', () => worker.destroySoon());
}

function isProxy(server: Server | undefined): boolean {
  return server?.listeners('connection').some((listener) => String(listener).includes('#handleConnection')) === true;
}
