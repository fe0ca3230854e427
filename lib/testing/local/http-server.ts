import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { HttpRequest, HttpResponse } from './call';
import { LocalRunError, messageOf } from './errors';

/** A server on 127.0.0.1. */
export interface HttpServer {
  /** `http://127.0.0.1:34567`. */
  readonly url: string;
  /** Ends it, and the connections that are open. */
  stop(): Promise<void>;
}

/**
 * Serves HTTP on 127.0.0.1.
 * @param port 0 lets the system choose
 * @throws LocalRunError when the port is taken
 */
export async function serveHttp(
  port: number,
  answer: (request: HttpRequest) => Promise<HttpResponse>,
): Promise<HttpServer> {
  const server = createServer((incoming, outgoing) => void respond(incoming, outgoing, answer));
  server.keepAliveTimeout = 60_000;
  await listen(server, port);
  const address = server.address();
  const actual = address !== null && typeof address === 'object' ? address.port : port;
  return { url: `http://127.0.0.1:${actual}`, stop: () => stop(server) };
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE') {
      throw new LocalRunError(`port ${port} is in use; choose another, or leave it out to let the system choose`);
    }
    throw new LocalRunError(`cannot listen on port ${port}: ${messageOf(error)}`);
  }
}

async function stop(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

async function respond(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  answer: (request: HttpRequest) => Promise<HttpResponse>,
): Promise<void> {
  let response: HttpResponse;
  try {
    response = await answer(await read(incoming));
  } catch (error) {
    // Not an answer of AWS: a fault of the local run, which must not look like one of the user's code.
    response = { status: 500, body: `local run: ${error instanceof Error ? error.stack : String(error)}` };
  }
  if (outgoing.destroyed) return;
  const { status, headers = {}, body = '' } = response;
  for (const [name, value] of Object.entries(headers)) {
    outgoing.setHeader(name, typeof value === 'string' ? value : [...value]);
  }
  outgoing.writeHead(status).end(body);
}

async function read(incoming: IncomingMessage): Promise<HttpRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const [path = '/', ...query] = (incoming.url ?? '/').split('?');
  const { rawHeaders } = incoming;
  const headers: [string, string][] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    headers.push([rawHeaders[index]!.toLowerCase(), rawHeaders[index + 1]!]);
  }
  return {
    method: incoming.method ?? 'GET',
    path,
    query: query.join('?'),
    headers,
    body: Buffer.concat(chunks),
    sourceIp: incoming.socket.remoteAddress ?? '127.0.0.1',
  };
}
