import { randomUUID } from 'node:crypto';
import { apiGateway } from '../../../../core/facts';
import { header, type HttpRequest } from '../../kernel/call';
import { newTrace } from '../../kernel/trace';
import { decode } from './route-match';

/** A request to an API, with what API Gateway knows about it. */
export interface ApiRequest {
  /** The request as received. */
  readonly http: HttpRequest;
  /** The path below the stage, as received. */
  readonly path: string;
  /** With the stage, or the base path of a custom domain. */
  readonly fullPath: string;
  /** The stage: `$default`, `prod`. */
  readonly stage: string;
  /** The id of the request. */
  readonly requestId: string;
  /** Its trace header, which functions get as well. */
  readonly traceId: string;
  readonly time: Date;
  /** The account of the API. */
  readonly accountId: string;
  /** The id of the API. */
  readonly apiId: string;
  /** The host name that the client used, without the port. */
  readonly domainName: string;
  /** Variables of the stage; undefined if it has none. */
  readonly stageVariables?: Readonly<Record<string, string>>;
}

/** What an API knows about itself. */
export type ApiIdentity = Pick<ApiRequest, 'accountId' | 'apiId'>;

/** A stage of an API. */
export interface ApiStage {
  /** `$default`, `prod`. */
  readonly name: string;
  readonly variables?: Readonly<Record<string, string>>;
}

/** The target of a custom domain: a stage of an API, below a base path. */
export interface DomainMapping {
  /** `api.example.com`. */
  readonly domain: string;
  /** `orders/v1`; empty for the whole domain. */
  readonly basePath: string;
  /** The stage; without one, it is the first segment below the base path. */
  readonly stage?: string;
}

/**
 * Resolves the stage of a request: a named stage is the first path segment, `$default` gets the whole path, and a
 * custom / domain maps to one.
 * @returns undefined when the path names no stage
 */
export function apiRequest(
  http: HttpRequest,
  stages: readonly ApiStage[],
  identity: ApiIdentity,
  mapping?: DomainMapping,
): ApiRequest | undefined {
  const place = mapping ? mappedPlace(http.path, stages, mapping) : stagePlace(http.path, stages);
  if (!place) return undefined;
  const { stage, path, fullPath } = place;
  return {
    ...identity,
    http,
    path,
    fullPath,
    stage: stage.name,
    requestId: randomUUID(),
    traceId: newTrace(),
    time: new Date(),
    domainName: mapping?.domain ?? (header(http, 'host') ?? '').replace(/:\d+$/, ''),
    ...(stage.variables && { stageVariables: stage.variables }),
  };
}

type Place = Pick<ApiRequest, 'path' | 'fullPath'> & { readonly stage: ApiStage };

function stagePlace(whole: string, stages: readonly ApiStage[]): Place | undefined {
  const [, first = '', rest = ''] = /^\/+([^/]*)(.*)$/.exec(whole) ?? [];
  const named = stages.find(({ name }) => name === decode(first));
  if (named) return { stage: named, path: rest || '/', fullPath: `/${named.name}${rest || '/'}` };
  const fallback = stages.find(({ name }) => name === '$default');
  return fallback && { stage: fallback, path: whole, fullPath: whole };
}

function mappedPlace(fullPath: string, stages: readonly ApiStage[], mapping: DomainMapping): Place | undefined {
  const below = mapping.basePath === '' ? fullPath : fullPath.slice(mapping.basePath.length + 1);
  const path = below || '/';
  if (mapping.stage !== undefined) {
    const stage = stages.find(({ name }) => name === mapping.stage);
    return stage && { stage, path, fullPath };
  }
  const place = stagePlace(path, stages);
  return place && { ...place, fullPath };
}

/** Headers of the client's own connection, which an intermediary does not pass on (RFC 9110, section 7.6.1). */
const OF_THE_CONNECTION = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
]);

/** The headers of a request to an HTTP API, with those that API Gateway adds: names in lower case. */
export function forwardedHeaders(request: ApiRequest): readonly (readonly [string, string])[] {
  const kept = request.http.headers.filter(([name]) => !OF_THE_CONNECTION.has(name) && !ADDED.has(name));
  return [...kept, ...addedHeaders(request).map(([name, value]) => [name.toLowerCase(), value] as const)];
}

/** Whether the request line and header values exceed API Gateway's limit. */
export function isHeadTooLarge({ method, path, query, headers }: HttpRequest): boolean {
  const line = Buffer.byteLength(`${method} ${path}?${query} HTTP/1.1`);
  return headers.reduce((sum, [, value]) => sum + Buffer.byteLength(value), line) > apiGateway.headSize.value;
}

/** Headers that a REST API does not pass on. */
const NOT_FORWARDED = [
  'connection',
  'content-length',
  'content-md5',
  'expect',
  'max-forwards',
  'proxy-authenticate',
  'server',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'www-authenticate',
];

/** The headers of a request to a REST API: names as the client wrote them, except `Authorization`. */
export function writtenHeaders({ http }: ApiRequest): readonly (readonly [string, string])[] {
  return http.headers
    .map(([name, value], index) => {
      const written = name === 'authorization' ? 'Authorization' : (http.writtenNames?.[index] ?? name);
      return [name, written, value] as const;
    })
    .filter(([name]) => !NOT_FORWARDED.includes(name))
    .map(([, written, value]) => [written, value] as const);
}

/** The headers of a request to a REST API, with those that API Gateway adds. */
export function forwardedRestHeaders(request: ApiRequest): readonly (readonly [string, string])[] {
  const kept = writtenHeaders(request).filter(([name]) => !ADDED.has(name.toLowerCase()));
  return [...kept, ...addedHeaders(request)];
}

/** The headers that API Gateway adds, in lower case. */
const ADDED: ReadonlySet<string> = new Set([
  'x-amzn-trace-id',
  'x-forwarded-for',
  'x-forwarded-port',
  'x-forwarded-proto',
]);

function addedHeaders({ http, traceId }: ApiRequest): readonly (readonly [string, string])[] {
  const port = /:(\d+)$/.exec(header(http, 'host') ?? '')?.[1] ?? '80';
  // The client's own value stays in front of its address.
  const addresses = http.headers.filter(([name]) => name === 'x-forwarded-for').map(([, value]) => value);
  return [
    ['X-Amzn-Trace-Id', traceId],
    ['X-Forwarded-For', [...addresses, http.sourceIp].join(', ')],
    ['X-Forwarded-Port', port],
    ['X-Forwarded-Proto', 'http'],
  ];
}

/** A header's or parameter's values by name, in the order sent. */
export function grouped(pairs: Iterable<readonly [string, string]>): Record<string, string[]> {
  // A Map first: clients may use any name, even `constructor` or `__proto__`.
  const lists = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    const list = lists.get(name);
    if (list) list.push(value);
    else lists.set(name, [value]);
  }
  return Object.fromEntries(lists);
}

/** A header's or parameter's values by name, joined by commas. */
export function joined(pairs: Iterable<readonly [string, string]>): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const [name, value] of pairs) {
    const before = texts.get(name);
    texts.set(name, before === undefined ? value : `${before},${value}`);
  }
  return texts;
}

/** A record with every list joined into a string; undefined if it is empty. */
export function mapped(
  lists: Readonly<Record<string, readonly string[]>>,
  combine: (values: readonly string[]) => string,
): Record<string, string> | undefined {
  const entries = Object.entries(lists).map(([name, values]) => [name, combine(values)] as const);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** The value of a name; undefined for a missing one, inherited properties included. */
export function named<T>(values: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return values !== undefined && Object.hasOwn(values, name) ? values[name] : undefined;
}

/** Pairs encoded as a query string or form. */
export function encodedQuery(pairs: Iterable<readonly [string, string]>): string {
  const form = new URLSearchParams();
  for (const [name, value] of pairs) form.append(name, value);
  return form.toString();
}

/** `12/Mar/2020:19:03:58 +0000`. */
export function clfTime(time: Date): string {
  // `Thu, 12 Mar 2020 19:03:58 GMT`
  const [, day, month, year, clock] = time.toUTCString().split(' ');
  return `${day}/${month}/${year}:${clock} +0000`;
}
