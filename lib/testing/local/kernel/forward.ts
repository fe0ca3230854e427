import { Agent, type IncomingMessage, request as httpRequest } from 'node:http';
import type { HttpRequest, HttpResponse } from './call';
import type { JsonObject } from './json';

/** The forwarded part of a request. */
export type Forwarded = Pick<HttpRequest, 'method' | 'path' | 'query' | 'headers' | 'body'>;

const agent = new Agent({ keepAlive: true });

/** Forwards a request to an engine on 127.0.0.1. */
export async function forward(port: number, request: Forwarded): Promise<HttpResponse> {
  const incoming = await sent(port, request);
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return { ...headOf(incoming), body: Buffer.concat(chunks) };
}

/** Forwards a request and streams the response. */
export async function forwardInPieces(port: number, request: Forwarded): Promise<HttpResponse> {
  const incoming = await sent(port, request);
  return { ...headOf(incoming), stream: incoming };
}

function sent(port: number, { method, path, query, headers, body }: Forwarded): Promise<IncomingMessage> {
  const own = headers.filter(([name]) => !['host', 'content-length', 'connection', 'expect'].includes(name));
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      { agent, host: '127.0.0.1', port, method, path: query === '' ? path : `${path}?${query}`, headers: merged(own) },
      resolve,
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function headOf({ statusCode, headers }: IncomingMessage): Pick<HttpResponse, 'status' | 'headers'> {
  return { status: statusCode ?? 500, headers: kept(headers) };
}

/** This run's own call to an engine that speaks JSON. Engines require a signature but do not verify it. */
export function jsonCall(target: string, operation: string, input: JsonObject): Forwarded {
  return {
    method: 'POST',
    path: '/',
    query: '',
    headers: [
      ['x-amz-target', `${target}.${operation}`],
      ['content-type', 'application/x-amz-json-1.0'],
      ['x-amz-date', new Date().toISOString().replace(/[-:]|\.\d+/g, '')],
      [
        'authorization',
        'AWS4-HMAC-SHA256 Credential=LOCALRUN/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
      ],
    ],
    body: Buffer.from(JSON.stringify(input)),
  };
}

function merged(headers: Forwarded['headers']): Record<string, string[]> {
  // A map first: clients may name a header anything, `constructor` included.
  const lists = new Map<string, string[]>();
  for (const [name, value] of headers) lists.set(name, [...(lists.get(name) ?? []), value]);
  return Object.fromEntries(lists);
}

/** Drops the checksum, which rewritten ARNs would break, and hop-by-hop headers. */
function kept(headers: NodeJS.Dict<string | string[]>): Record<string, string | string[]> {
  const dropped = ['x-amz-crc32', 'content-length', 'connection', 'keep-alive', 'transfer-encoding', 'date'];
  const entries = Object.entries(headers).filter(
    (entry): entry is [string, string | string[]] => entry[1] !== undefined && !dropped.includes(entry[0]),
  );
  return Object.fromEntries(entries);
}
