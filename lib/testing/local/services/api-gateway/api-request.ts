import { randomBytes, randomUUID } from 'node:crypto';
import { header, type HttpRequest } from '../../kernel/call';
import { decode } from './route-match';

/** A request to an API, with what API Gateway knows about it. */
export interface ApiRequest {
  /** The request as it came. */
  readonly http: HttpRequest;
  /** The path below the stage, as it came. */
  readonly path: string;
  /** The stage: `$default`, `prod`. */
  readonly stage: string;
  /** The id of the request. */
  readonly requestId: string;
  /** When it came. */
  readonly time: Date;
  /** The account of the API. */
  readonly accountId: string;
  /** The id of the API. */
  readonly apiId: string;
  /** The name by which the client called, without the port. */
  readonly domainName: string;
  /** Variables of the stage; undefined where it has none. */
  readonly stageVariables?: Readonly<Record<string, string>>;
}

/** What an API knows of itself. */
export type ApiIdentity = Pick<ApiRequest, 'accountId' | 'apiId'>;

/** A stage of an API. */
export interface ApiStage {
  /** `$default`, `prod`. */
  readonly name: string;
  /** Its variables. */
  readonly variables?: Readonly<Record<string, string>>;
}

/**
 * A request with its stage: a named stage is the first segment of the path, `$default` has the whole path.
 * @returns undefined when the path names no stage
 */
export function apiRequest(
  http: HttpRequest,
  stages: readonly ApiStage[],
  identity: ApiIdentity,
): ApiRequest | undefined {
  const [, first = '', rest = ''] = /^\/([^/]*)(.*)$/.exec(http.path) ?? [];
  const named = stages.find(({ name }) => name === decode(first));
  const stage = named ?? stages.find(({ name }) => name === '$default');
  if (!stage) return undefined;
  return {
    ...identity,
    http,
    path: named ? rest || '/' : http.path,
    stage: stage.name,
    requestId: randomUUID(),
    time: new Date(),
    domainName: (header(http, 'host') ?? '').replace(/:\d+$/, ''),
    ...(stage.variables && { stageVariables: stage.variables }),
  };
}

/** The headers that API Gateway adds to those of the client. */
export function forwardedHeaders({ http }: ApiRequest): readonly (readonly [string, string])[] {
  const port = /:(\d+)$/.exec(header(http, 'host') ?? '')?.[1] ?? '80';
  const trace = `Root=1-${Math.floor(Date.now() / 1000).toString(16)}-${randomBytes(12).toString('hex')}`;
  const added = [
    ['x-amzn-trace-id', trace],
    ['x-forwarded-for', http.sourceIp],
    ['x-forwarded-port', port],
    ['x-forwarded-proto', 'http'],
  ] as const;
  const kept = http.headers.filter(([name]) => name !== 'connection' && !added.some(([other]) => other === name));
  return [...kept, ...added];
}

/** A header's or parameter's values by name, in the order sent. */
export function grouped(pairs: Iterable<readonly [string, string]>): Record<string, string[]> {
  const result: Record<string, string[]> = {};
  for (const [name, value] of pairs) (result[name] ??= []).push(value);
  return result;
}

/** A record with every list made one text; undefined where it is empty. */
export function mapped(
  lists: Readonly<Record<string, readonly string[]>>,
  combine: (values: readonly string[]) => string,
): Record<string, string> | undefined {
  const entries = Object.entries(lists).map(([name, values]) => [name, combine(values)] as const);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** `12/Mar/2020:19:03:58 +0000`. */
export function clfTime(time: Date): string {
  const [, day, month, year, clock] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(time.toUTCString()) ?? [];
  return `${day}/${month}/${year}:${clock} +0000`;
}
