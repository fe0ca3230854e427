import { type BackendNames, backendOf, whyBackendNotRun } from '../../kernel/backends';
import type { HttpResponse } from '../../kernel/call';
import { messageOf } from '../../kernel/errors';
import { forward, forwardInPieces } from '../../kernel/forward';
import type { LocalContext } from '../../kernel/service';
import { remapped } from './answers';
import { joined, writtenHeaders } from './api-request';
import type { BinaryTypes } from './binary-types';
import { NotRunHere } from './integration-failure';
import { filledUri, integrationMethod, type IntegrationRequest } from './integration-request';
import { requestParameters } from './parameter-mapping';
import type { IntegratedCall } from './rest-call';

/** The other side of an HTTP integration did not answer. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';
}

/**
 * Sends a request to a backend on this machine.
 * @param inPieces whether its response is streamed
 * @throws NotRunHere when the backend is elsewhere
 * @throws NetworkError when it does not answer
 */
export async function callBackend(
  context: LocalContext,
  { uri, method, headers, query, body }: IntegrationRequest,
  names: BackendNames,
  inPieces = false,
): Promise<HttpResponse> {
  const url = backendOf(context, uri, names);
  if (!url) throw new NotRunHere(whyBackendNotRun(context, uri, names) ?? uri);
  for (const [name, value] of query) url.searchParams.append(name, value);
  try {
    const send = inPieces ? forwardInPieces : forward;
    return await send(Number(url.port || 80), {
      method,
      path: url.pathname,
      query: url.search.slice(1),
      headers: [...headers],
      body: ['GET', 'HEAD'].includes(method) ? Buffer.alloc(0) : body,
    });
  } catch (error) {
    throw new NetworkError(`'${url.origin}' does not answer: ${messageOf(error)}`);
  }
}

/** Client headers that a proxy does not forward. */
const NOT_PROXIED = ['host', 'content-encoding', 'via', 'x-amzn-trace-id'];
/** Response headers that a proxy renames. */
const PROXY_REMAPPED = ['connection', 'content-length', 'date', 'server'];

/** The request that an HTTP proxy integration forwards: the client's, with the mappings applied. */
export function proxyRequest(call: IntegratedCall): IntegrationRequest {
  const { request } = call;
  const mapping = requestParameters(call);
  const replaced = [...mapping.header.keys()].map((name) => name.toLowerCase());
  const own = writtenHeaders(request).filter(([name]) => ![...NOT_PROXIED, ...replaced].includes(name.toLowerCase()));
  const added = { 'X-Amzn-Apigateway-Api-Id': request.apiId, 'X-Amzn-Trace-Id': request.traceId };
  return {
    method: integrationMethod(call),
    uri: filledUri(call, mapping.path),
    headers: new Map([...joined(own), ...mapping.header, ...Object.entries(added)]),
    query: [
      ...new URLSearchParams(request.http.query),
      ...[...mapping.querystring].flatMap(([name, values]) => values.map((value) => [name, value] as const)),
    ],
    body: request.http.body,
  };
}

/** A backend's response as an HTTP proxy integration returns it. */
export function proxyAnswer(answer: HttpResponse, binary: BinaryTypes): HttpResponse {
  // Streamed, it passes unchanged, binary or not.
  if (answer.stream) return { ...answer, headers: remapped(answer.headers ?? {}, PROXY_REMAPPED) };
  const type = [answer.headers?.['content-type'] ?? ''].flat()[0];
  const isBinary = binary.has(type) || Buffer.isBuffer(answer.body) === false;
  return {
    ...answer,
    headers: remapped(answer.headers ?? {}, PROXY_REMAPPED),
    body: isBinary ? answer.body : answer.body.toString('utf8'),
  };
}
