import { header, type HttpResponse } from '../../kernel/call';
import { isRecord, type JsonObject, parseJson, recordOf, records, text } from '../../kernel/json';
import { type ApiRequest, grouped, named } from './api-request';
import { IntegrationFailure } from './integration-failure';
import { contextValue } from './parameter-mapping';
import { requestContext } from './request-context';
import { jsonPath, UnknownJsonPath } from './vtl/json-path';

/** The input of an HTTP API's mappings. */
export interface HttpMappingSource {
  readonly request: ApiRequest;
  /** By parameter name. */
  readonly parameters: Readonly<Record<string, string>>;
  /** `$context` apart from the request: the route, the authorizer. */
  readonly context: () => JsonObject;
  /** The response, for response mappings. */
  readonly response?: HttpResponse;
}

/** The parts of a request that a mapping can change. */
export interface MappedRequest {
  /** Names in lower case. */
  readonly headers: readonly (readonly [string, string])[];
  readonly query: readonly (readonly [string, string])[];
  /** The path, if overwritten. */
  readonly path?: string;
}

/** `$context` for a route. */
export function httpContext(request: ApiRequest, routeKey: string, authorizer: JsonObject | undefined): JsonObject {
  const known = recordOf(authorizer?.lambda ?? authorizer);
  const claims = recordOf(recordOf(authorizer?.jwt).claims);
  const of = { ...known, claims };
  return { ...requestContext(request, { resource: routeKey, resourceId: routeKey }), routeKey, authorizer: of };
}

/**
 * The value of a mapping: a text with `$request.header.x`, or `${request.header.x}` among other text. Undefined if the
 * source is missing.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html
 * @throws IntegrationFailure for an unknown variable
 */
export function mappingValue(mapping: string, source: HttpMappingSource): string | undefined {
  if (/^\$(request|response|context|stageVariables)\b/.test(mapping)) return variable(mapping.slice(1), source);
  return mapping.replace(/\$\{([^}]+)\}/g, (_, name: string) => variable(name, source) ?? '');
}

/** Applies the request mappings of a proxy integration to the client's request. */
export function mapRequest(
  mapping: unknown,
  source: HttpMappingSource,
  headers: MappedRequest['headers'],
): MappedRequest {
  let made: MappedRequest = { headers, query: [...new URLSearchParams(source.request.http.query)] };
  for (const [target, value] of Object.entries(recordOf(mapping))) {
    const [, action, place, name = ''] =
      /^(append|overwrite|remove):(header|querystring|path)(?:\.(.+))?$/.exec(target) ?? [];
    const given = action === 'remove' ? undefined : mappingValue(text(value) ?? '', source);
    if (place === 'path' && given !== undefined) made = { ...made, path: given };
    if (place === 'header') made = { ...made, headers: changed(made.headers, action, name.toLowerCase(), given) };
    if (place === 'querystring') made = { ...made, query: changed(made.query, action, name, given) };
  }
  return made;
}

/** Applies the response mappings of an integration for the status of its answer. */
export function mapResponse(
  mapping: unknown,
  source: HttpMappingSource & { readonly response: HttpResponse },
): HttpResponse {
  const rules = records(recordOf(named(recordOf(mapping), String(source.response.status))).ResponseParameters);
  let { status } = source.response;
  let headers = Object.entries(source.response.headers ?? {}).flatMap(([name, values]) =>
    [values].flat().map((value) => [name, value] as const),
  );
  for (const { Destination, Source } of rules) {
    const [, action, place, name = ''] =
      /^(append|overwrite|remove):(header|statuscode)(?:\.(.+))?$/.exec(text(Destination) ?? '') ?? [];
    const given = action === 'remove' ? undefined : mappingValue(text(Source) ?? '', source);
    if (place === 'statuscode' && /^[2-5]\d\d$/.test(given ?? '')) status = Number(given);
    if (place === 'header') headers = [...changed(headers, action, name.toLowerCase(), given)];
  }
  return { ...source.response, status, headers: grouped(headers) };
}

type Pairs = readonly (readonly [string, string])[];

function changed(pairs: Pairs, action: string | undefined, name: string, value: string | undefined): Pairs {
  if (action !== 'remove' && value === undefined) return pairs;
  const kept = action === 'append' ? pairs : pairs.filter(([known]) => known !== name);
  return value === undefined ? kept : [...kept, [name, value]];
}

function variable(name: string, source: HttpMappingSource): string | undefined {
  const [, place = '', rest] =
    /^(request\.header|request\.querystring|request\.body|request\.path|response\.header|response\.body|context|stageVariables)(?:\.(.+))?$/s.exec(
      name,
    ) ?? [];
  const { request, parameters, response } = source;
  switch (place) {
    case 'request.header':
      return header(request.http, (rest ?? '').toLowerCase());
    case 'request.querystring':
      return new URLSearchParams(request.http.query).getAll(rest ?? '').join(',') || undefined;
    case 'request.path':
      return rest === undefined ? request.path : named(parameters, rest);
    case 'request.body':
      return bodyValue(request.http.body.toString(), rest);
    case 'response.header':
      return [named(response?.headers, (rest ?? '').toLowerCase()) ?? []].flat()[0];
    case 'response.body':
      return bodyValue(String(response?.body ?? ''), rest);
    case 'context':
      return contextValue({ ...source.context(), path: request.fullPath }, rest ?? '');
    case 'stageVariables':
      return named(request.stageVariables, rest ?? '');
    default:
      throw new IntegrationFailure(`the mapping source '$${name}' is not known`);
  }
}

function bodyValue(body: string, path: string | undefined): string | undefined {
  if (path === undefined) return body === '' ? undefined : body;
  const parsed = parseJson(body);
  if (!isRecord(parsed) && !Array.isArray(parsed)) return undefined;
  try {
    const found = jsonPath(`$.${path.replace(/^\$\.?/, '')}`, parsed);
    return text(found) ?? (found === undefined || found === null ? undefined : JSON.stringify(found));
  } catch (error) {
    throw error instanceof UnknownJsonPath ? new IntegrationFailure(`${error.message} is not known`) : error;
  }
}
