import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isRecord, parseJson, text } from '../../kernel/json';
import type { Invocation, RuntimeEvent } from '../environment/runtime';
import type { ErrorPayload } from '../function-errors';

const PLACE = /^\/2018-06-01\/runtime\/(?:invocation\/([^/]+)(?:\/(response|error))?|(init)\/error)$/;
const MODE = 'lambda-runtime-function-response-mode';
const ERROR_TYPE = 'lambda-runtime-function-error-type';
const ERROR_BODY = 'lambda-runtime-function-error-body';

/**
 * The Lambda Runtime API for one process, which polls for the next invocation and posts its result.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export class RuntimeApi {
  private readonly server: Server;
  private waiting: ServerResponse | undefined;
  private offered: Invocation | undefined;
  private current: string | undefined;
  private asked = false;

  /** @param listen called with what the process does */
  constructor(private readonly listen: (event: RuntimeEvent) => void) {
    this.server = createServer((request, response) => {
      // The process ended in the middle of a request; its exit is reported elsewhere.
      this.answer(request, response).catch(() => response.destroy());
    });
    this.server.keepAliveTimeout = 0;
    this.server.requestTimeout = 0;
  }

  /** Opens a port on 127.0.0.1, and returns the address. */
  async start(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    const address = this.server.address();
    return address !== null && typeof address === 'object' ? `127.0.0.1:${address.port}` : '';
  }

  /** Hands over an invocation as soon as the process polls. */
  offer(invocation: Invocation): void {
    this.offered = invocation;
    this.hand();
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, id, end, init] = PLACE.exec(request.url ?? '') ?? [];
    if (request.method === 'GET' && id === 'next' && end === undefined) return this.next(response);
    if (request.method !== 'POST') return refuse(response, 404, 'NotFound');
    if (init !== undefined) this.listen({ type: 'init-failed', error: await errorOf(request) });
    else if (id === undefined || id !== this.current) return refuse(response, 400, 'InvalidRequestID');
    else if (end === 'error') this.finish({ type: 'error', error: await errorOf(request), last: false });
    else if (end === 'response') await this.respond(request);
    else return refuse(response, 404, 'NotFound');
    reply(response, 202, { status: 'OK' });
  }

  private next(response: ServerResponse): void {
    if (!this.asked) this.listen({ type: 'ready' });
    else this.listen({ type: 'next' });
    this.asked = true;
    this.waiting = response;
    this.hand();
  }

  private hand(): void {
    const { waiting, offered } = this;
    if (!waiting || !offered) return;
    this.waiting = undefined;
    this.offered = undefined;
    this.current = offered.requestId;
    const headers = {
      'Content-Type': 'application/json',
      'Lambda-Runtime-Aws-Request-Id': offered.requestId,
      'Lambda-Runtime-Deadline-Ms': String(offered.deadline),
      'Lambda-Runtime-Invoked-Function-Arn': offered.functionArn,
      'Lambda-Runtime-Trace-Id': offered.traceId,
      ...(offered.clientContext !== undefined && { 'Lambda-Runtime-Client-Context': offered.clientContext }),
    };
    waiting.writeHead(200, { ...headers, 'Content-Length': Buffer.byteLength(offered.event) });
    waiting.end(offered.event);
  }

  private async respond(request: IncomingMessage): Promise<void> {
    if (request.headers[MODE] !== 'streaming') {
      return this.finish({ type: 'response', payload: await bytesOf(request) });
    }
    this.listen({ type: 'stream-start', contentType: request.headers['content-type'] ?? 'application/octet-stream' });
    for await (const chunk of request) this.listen({ type: 'stream-chunk', chunk: chunk as Buffer });
    const type = request.trailers[ERROR_TYPE];
    const body = Buffer.from(request.trailers[ERROR_BODY] ?? '', 'base64').toString();
    this.finish({ type: 'stream-end', ...(type !== undefined && { error: payloadOf(body, type) }) });
  }

  private finish(event: RuntimeEvent): void {
    this.current = undefined;
    this.listen(event);
  }
}

async function errorOf(request: IncomingMessage): Promise<ErrorPayload> {
  const type = request.headers[ERROR_TYPE];
  return payloadOf((await bytesOf(request)).toString(), Array.isArray(type) ? type[0] : type);
}

/** An error as the runtime wrote it. */
function payloadOf(body: string, type: string | undefined): ErrorPayload {
  const written = parseJson(body);
  const fields = isRecord(written) ? written : {};
  return {
    ...fields,
    errorType: text(fields.errorType) ?? type ?? 'Runtime.Unknown',
    errorMessage: text(fields.errorMessage) ?? body,
  };
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function refuse(response: ServerResponse, status: number, errorType: string): void {
  reply(response, status, { errorMessage: errorType, errorType });
}

function reply(response: ServerResponse, status: number, body: object): void {
  const content = JSON.stringify(body);
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(content) });
  response.end(content);
}
