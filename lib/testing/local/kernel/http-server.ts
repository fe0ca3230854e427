import { once } from 'node:events';
import { createServer as createHttp1, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttp2, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import { createServer, type Server, type Socket } from 'node:net';
import { type Duplex, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { header, type HttpRequest, type HttpResponse } from './call';
import { codeOf, LocalRunError, messageOf } from './errors';
import { refuseUpgrade } from './hang-up';

/**
 * Host names of this machine: a web page that resolves its own name to 127.0.0.1 (DNS rebinding) sends that name
 * instead. Names under `.localhost` always resolve to this machine.
 * @see https://www.rfc-editor.org/rfc/rfc6761#section-6.3
 */
const OWN_HOST = /^(127(\.\d{1,3}){3}|\[::1\]|([\w-]+\.)*localhost)(:\d+)?$/i;

/** The start of an HTTP/2 connection. */
const HTTP2_START = 'PRI * HTTP/2';

/** A server on 127.0.0.1. */
export interface HttpServer {
  /** `http://127.0.0.1:34567`. */
  readonly url: string;
  /** Stops it and closes its open connections. */
  stop(): Promise<void>;
}

/**
 * Serves HTTP/1.1 on 127.0.0.1, and HTTP/2 without TLS, which the SDK uses with some services.
 * Requests for any other host are refused, which prevents DNS rebinding by web pages; so are WebSockets of foreign pages.
 * @param port 0 lets the system choose
 * @param hosts other host names to serve: a custom domain of the templates
 * @param upgrade takes a connection that becomes a WebSocket, with what came after its request
 * @throws LocalRunError when the port is taken
 */
export async function serveHttp(
  port: number,
  answer: (request: HttpRequest) => Promise<HttpResponse>,
  hosts: readonly string[] = [],
  upgrade?: (request: HttpRequest, socket: Duplex, head: Buffer) => void,
): Promise<HttpServer> {
  const guarded = async (request: HttpRequest) => foreignHost(request, hosts) ?? answer(request);
  const respond: Listener = (incoming, outgoing) => {
    answerRequest(incoming, outgoing, guarded).catch((error: unknown) => sendFault(error, outgoing));
  };
  const http1 = createHttp1(respond);
  http1.keepAliveTimeout = 60_000;
  if (upgrade) {
    http1.on('upgrade', (incoming, socket, head) => {
      const refuse = (status: number, why: string) => refuseUpgrade(socket, status, 'text/plain', why);
      if (!isHandshake(incoming))
        return refuse(400, 'local run: only WebSockets are served, asked for without a body\n');
      read(incoming)
        .then((request) => {
          const foreign = foreignHost(request, hosts) ?? foreignPage(request, hosts);
          if (foreign) refuse(foreign.status, foreign.body);
          else upgrade(request, socket, head);
        })
        .catch(() => socket.destroy());
    });
  }
  const http2 = createHttp2(respond);
  const sockets = new Set<Socket>();
  const front = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket.once('close', () => sockets.delete(socket)));
    socket.on('error', () => socket.destroy());
    socket.once('data', (start: Buffer) => {
      socket.pause();
      socket.unshift(start);
      // An HTTP/2 session reads the unshifted data itself; HTTP/1.1 needs the socket to flow.
      if (start.toString('latin1', 0, HTTP2_START.length) === HTTP2_START) {
        http2.emit('connection', socket);
      } else {
        http1.emit('connection', socket);
        socket.resume();
      }
    });
  });
  await listen(front, port);
  const address = front.address();
  const actual = address !== null && typeof address === 'object' ? address.port : port;
  return { url: `http://127.0.0.1:${actual}`, stop: () => stop(front, sockets) };
}

type Listener = (
  incoming: IncomingMessage | Http2ServerRequest,
  outgoing: ServerResponse | Http2ServerResponse,
) => void;

const isOwn = (host: string, hosts: readonly string[]) =>
  OWN_HOST.test(host) || hosts.includes(host.replace(/:\d+$/, '').toLowerCase());

function foreignHost(request: HttpRequest, hosts: readonly string[]): (HttpResponse & { body: string }) | undefined {
  const host = header(request, 'host') ?? '';
  if (isOwn(host, hosts)) return undefined;
  return {
    status: 421,
    headers: { 'content-type': 'text/plain' },
    body: `local run: requests to the host '${host}' are refused; call it as 127.0.0.1 or localhost\n`,
  };
}

/**
 * Refuses WebSockets of web pages from elsewhere, which browsers let read the answers, unlike those of other requests.
 * Only browsers are meant, whose pages cannot change the user agent: a test may send any origin.
 */
function foreignPage(request: HttpRequest, hosts: readonly string[]): { status: number; body: string } | undefined {
  const origin = header(request, 'origin');
  if (origin === undefined || !/^Mozilla\//.test(header(request, 'user-agent') ?? '')) return undefined;
  const [, host] = /^https?:\/\/(.*)$/i.exec(origin) ?? [];
  // Other schemes are those of installed programs; `null` is that of files, and of any page that wants it.
  if (host === undefined ? origin !== 'null' : isOwn(host, hosts)) return undefined;
  const remedy = 'serve the page at localhost or 127.0.0.1';
  return { status: 403, body: `local run: WebSockets of pages of the origin '${origin}' are refused; ${remedy}\n` };
}

/** Whether a request to upgrade asks for a WebSocket, and for nothing else. */
function isHandshake(incoming: IncomingMessage): boolean {
  return incoming.method === 'GET' && incoming.headers.upgrade?.toLowerCase() === 'websocket' && !hasBody(incoming);
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    if (codeOf(error) === 'EADDRINUSE') {
      throw new LocalRunError(`port ${port} is in use; choose another, or leave it out to let the system choose`);
    }
    throw new LocalRunError(`cannot listen on port ${port}: ${messageOf(error)}`);
  }
}

async function stop(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  for (const socket of sockets) socket.destroy();
  await closed;
}

async function answerRequest(
  incoming: IncomingMessage | Http2ServerRequest,
  outgoing: ServerResponse | Http2ServerResponse,
  answer: (request: HttpRequest) => Promise<HttpResponse>,
): Promise<void> {
  const response = await answer(await read(incoming));
  if (response.stream) await sendInPieces(response, response.stream, outgoing);
  else send(response, outgoing);
}

/** Reports a fault of the local run itself, which must not look like an AWS error or one of the user's code. */
function sendFault(error: unknown, outgoing: ServerResponse | Http2ServerResponse): void {
  for (const name of outgoing.getHeaderNames()) outgoing.removeHeader(name);
  send({ status: 500, body: `local run: ${error instanceof Error ? error.stack : String(error)}` }, outgoing);
}

/** @throws TypeError, RangeError when HTTP cannot carry a header or the status */
function send({ body = '', ...head }: HttpResponse, outgoing: ServerResponse | Http2ServerResponse): void {
  if (outgoing.destroyed) return;
  sendHead(head, outgoing);
  outgoing.end(body);
}

/** Sends the head at once and each chunk as it arrives, at the client's pace. */
async function sendInPieces(
  head: HttpResponse,
  pieces: AsyncIterable<Uint8Array>,
  outgoing: ServerResponse | Http2ServerResponse,
): Promise<void> {
  sendHead(head, outgoing);
  if ('flushHeaders' in outgoing) outgoing.flushHeaders();
  try {
    await pipeline(Readable.from(pieces, { objectMode: false }), outgoing);
  } catch {
    // What was sent cannot be undone: the client sees a truncated body.
    outgoing.destroy();
  }
}

function sendHead({ status, headers = {} }: HttpResponse, outgoing: ServerResponse | Http2ServerResponse): void {
  for (const [name, value] of Object.entries(headers)) {
    outgoing.setHeader(name, typeof value === 'string' ? value : [...value]);
  }
  outgoing.statusCode = status;
}

async function read(incoming: IncomingMessage | Http2ServerRequest): Promise<HttpRequest> {
  const body = hasBody(incoming) ? await bodyOf(incoming) : NOTHING;
  const { host, target } = targetOf(incoming.url ?? '/');
  const [path = '/', ...query] = target.split('?');
  const { rawHeaders } = incoming;
  const headers: [string, string][] = [];
  const writtenNames: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const written = rawHeaders[index]!;
    if (written.startsWith(':') && written !== ':authority') continue;
    const name = written === ':authority' ? 'Host' : written;
    writtenNames.push(name);
    headers.push([
      name.toLowerCase(),
      name.toLowerCase() === 'host' ? (host ?? rawHeaders[index + 1]!) : rawHeaders[index + 1]!,
    ]);
  }
  return {
    method: incoming.method ?? 'GET',
    path,
    query: query.join('?'),
    headers,
    writtenNames,
    body,
    sourceIp: incoming.socket.remoteAddress ?? '127.0.0.1',
  };
}

/** What is asked for; a client that believes to speak to a proxy names the host there, which counts, not the header. */
function targetOf(url: string): { readonly host?: string; readonly target: string } {
  const [, host, target] = /^https?:\/\/([^/?]*)([/?].*)?$/i.exec(url) ?? [];
  return host === undefined ? { target: url } : { host, target: (target ?? '/').replace(/^\?/, '/?') };
}

const NOTHING = Buffer.alloc(0);

/** An HTTP/1.1 request without either header has no body, so there is nothing to wait for. */
function hasBody({ httpVersionMajor, headers }: IncomingMessage | Http2ServerRequest): boolean {
  return httpVersionMajor !== 1 || 'content-length' in headers || 'transfer-encoding' in headers;
}

/** @throws Error when the client goes away before its end */
function bodyOf(incoming: IncomingMessage | Http2ServerRequest): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
    incoming.on('error', reject);
    incoming.on('close', () => reject(new Error('the client closed the connection before the end of its request')));
  });
}
