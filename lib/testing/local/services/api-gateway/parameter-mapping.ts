import type { HttpResponse } from '../../kernel/call';
import { type JsonObject, isRecord, parseJson, recordOf, text } from '../../kernel/json';
import { grouped, named, writtenHeaders } from './api-request';
import { BadRequestBody, IntegrationFailure } from './integration-failure';
import type { IntegratedCall } from './rest-call';
import { jsonPath, UnknownJsonPath } from './vtl/json-path';

/** The result of a request mapping, by location and name. */
export interface RequestParameters {
  readonly header: ReadonlyMap<string, string>;
  readonly querystring: ReadonlyMap<string, readonly string[]>;
  /** Parameters of the integration's URI. */
  readonly path: ReadonlyMap<string, string>;
}

const SOURCES =
  /^('.*'|method\.request\.(header|multivalueheader|querystring|multivaluequerystring|path)\.[^\s]+|method\.request\.body(\.[^\s]+)?|integration\.response\.(header|multivalueheader)\.[^\s]+|integration\.response\.body(\.[^\s]+)?|stageVariables\.\S+|context\.\S+)$/s;

/** The mapping sources of an integration that are unknown here. */
export function unknownSources({ RequestParameters, IntegrationResponses }: JsonObject): readonly string[] {
  const responses = Array.isArray(IntegrationResponses) ? IntegrationResponses.filter(isRecord) : [];
  const mappings = [RequestParameters, ...responses.map(({ ResponseParameters }) => ResponseParameters)];
  return mappings
    .flatMap((mapping) => Object.values(recordOf(mapping)).map((source) => text(source) ?? ''))
    .filter((source) => !SOURCES.test(source));
}

/**
 * Applies `RequestParameters` of an integration. A source without a value sets nothing.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-parameter-mapping-sources.html
 * @throws BadRequestBody when a mapping reads a body that is not JSON
 */
export function requestParameters(call: IntegratedCall): RequestParameters {
  const header = new Map<string, string>();
  const querystring = new Map<string, readonly string[]>();
  const path = new Map<string, string>();
  for (const [target, source] of Object.entries(recordOf(call.integration.RequestParameters))) {
    const [, place, name = ''] = /^integration\.request\.(header|querystring|path)\.(.+)$/.exec(target) ?? [];
    const values = fromRequest(text(source) ?? '', call);
    if (values.length === 0 || values[0] === '') continue;
    if (place === 'header') header.set(name, values.join(','));
    if (place === 'querystring') querystring.set(name, values);
    if (place === 'path') path.set(name, values.join(','));
  }
  return { header, querystring, path };
}

/** Applies `ResponseParameters` of an integration response: the headers of the response. */
export function responseHeaders(
  call: IntegratedCall,
  mapping: unknown,
  answer: HttpResponse,
): Readonly<Record<string, string>> {
  const found = Object.entries(recordOf(mapping)).flatMap(([target, source]) => {
    const name = /^method\.response\.header\.(.+)$/.exec(target)?.[1];
    const value = fromResponse(text(source) ?? '', call, answer);
    return name === undefined || value === undefined || value === '' ? [] : [[name.toLowerCase(), value] as const];
  });
  return Object.fromEntries(found);
}

function fromRequest(source: string, call: IntegratedCall): readonly string[] {
  const [, place, name] = /^method\.request\.(\w+)(?:\.(.+))?$/s.exec(source) ?? [];
  const { request, parameters } = call;
  // Header names are case-sensitive.
  const headers = () => named(grouped(writtenHeaders(request)), name ?? '') ?? [];
  const query = () => new URLSearchParams(request.http.query).getAll(name ?? '');
  switch (place) {
    case 'header':
      return headers().slice(-1);
    case 'multivalueheader':
      return headers();
    case 'querystring':
      return query().slice(-1);
    case 'multivaluequerystring':
      return query();
    case 'path':
      return single(named(parameters, name ?? ''));
    case 'body':
      return single(fromBody(request.http.body.toString(), name, (said) => new BadRequestBody(said)));
    default:
      return single(fromContext(source, call));
  }
}

function fromResponse(
  source: string,
  call: IntegratedCall,
  { headers = {}, body = '' }: HttpResponse,
): string | undefined {
  const [, place, name] = /^integration\.response\.(\w+)(?:\.(.+))?$/s.exec(source) ?? [];
  const values = () => {
    const found = Object.entries(headers).find(([known]) => known.toLowerCase() === name?.toLowerCase())?.[1];
    return found === undefined ? [] : [found].flat();
  };
  switch (place) {
    case 'header':
      return values().at(-1);
    case 'multivalueheader':
      return values().join(',');
    case 'body':
      return fromBody(body.toString(), name, (said) => new IntegrationFailure(said));
    default:
      return fromContext(source, call);
  }
}

/** A literal in single quotes, a stage variable, or part of `$context`. */
function fromContext(source: string, { request, values }: IntegratedCall): string | undefined {
  const literal = /^'(.*)'$/s.exec(source)?.[1];
  if (literal !== undefined) return literal;
  const variable = /^stageVariables\.(.+)$/.exec(source)?.[1];
  if (variable !== undefined) return named(request.stageVariables, variable);
  const path = /^context\.(.+)$/.exec(source)?.[1];
  return path === undefined ? undefined : contextValue(values, path);
}

/** The value of `$context` at a path: `identity.sourceIp`. */
export function contextValue(values: JsonObject, path: string): string | undefined {
  return text(
    path
      .split('.')
      .reduce<unknown>((on, name) => (isRecord(on) && Object.hasOwn(on, name) ? on[name] : undefined), values),
  );
}

function fromBody(body: string, path: string | undefined, failure: (said: string) => Error): string | undefined {
  const trimmed = body.trim() || '{}';
  // API Gateway parses only what starts like JSON.
  const parsed = /^[{["']/.test(trimmed) ? parseJson(trimmed) : {};
  if (parsed === undefined) throw failure('Invalid JSON in request body');
  if (path === undefined) return trimmed;
  try {
    const found = jsonPath(`$.${path}`, parsed);
    return text(found) ?? (found === undefined || found === null ? undefined : JSON.stringify(found));
  } catch (error) {
    throw error instanceof UnknownJsonPath ? new IntegrationFailure(`${error.message} is not known here`) : error;
  }
}

function single(value: string | undefined): readonly string[] {
  return value === undefined ? [] : [value];
}
