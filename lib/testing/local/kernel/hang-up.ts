import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** Milliseconds that a client has to close its side. */
const PATIENCE = 2000;

/** Sends the last bytes and closes the socket, even if the client leaves its side open. */
export function hangUp(socket: Duplex, last: Buffer | string): void {
  if (socket.destroyed || socket.writableEnded) return;
  const timer = setTimeout(() => socket.destroy(), PATIENCE).unref();
  socket.once('close', () => clearTimeout(timer));
  socket.end(last);
  // The client's end is noticed only if what it still sends is read.
  socket.resume();
}

/** Answers a request to upgrade that is refused, and closes the socket. */
export function refuseUpgrade(socket: Duplex, status: number, type: string, body: string): void {
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    `Content-Type: ${type}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  hangUp(socket, `${head.join('\r\n')}\r\n\r\n${body}`);
}
