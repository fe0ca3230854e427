import { displayName } from '../model/display';
import type { Resource } from '../model/model';
import { at, isList, isMap, literal } from '../model/select';
import type { Value } from '../model/values';
import { isRecord, type JsonObject } from '../record';

/** The definition in OpenAPI 3 that an API has in `Body`, or why it is none that can be written. */
export type Written = { readonly document: JsonObject } | { readonly unread: readonly string[] };

/** Reads the `Body` of an API for a reader: without what says how API Gateway answers, and without answers to preflights. */
export function writtenIn(api: Resource): Written | undefined {
  const body = at(api, 'Body');
  if (body === undefined) return undefined;
  const name = displayName(api);
  const open: string[] = [];
  const document = read(body, [], open);
  if (open.length > 0) {
    return { unread: open.map((place) => `${name}: '${place}' of its 'Body' is known only at deployment`) };
  }
  if (!isRecord(document) || !/^3\.[01]\./.test(String(document.openapi))) {
    const what =
      isRecord(document) && 'swagger' in document ? 'Swagger 2.0, which is to be converted first' : 'no OpenAPI';
    return { unread: [`${name}: its 'Body' is ${what}`] };
  }
  return { document: { ...document, paths: pathsOf(document) } };
}

/** Extensions by which API Gateway learns how to answer; who may call, and what takes any method, are no such. */
const HOW = /^x-amazon-apigateway-(?!(any-method|auth|authtype)$)/;

function read(value: Value | undefined, place: readonly string[], open: string[]): unknown {
  if (isList(value)) return value.map((item, index) => read(item, [...place, String(index)], open));
  if (isMap(value)) {
    if (isPreflight(value, place)) return undefined;
    const kept = Object.entries(value).filter(([name]) => !HOW.test(name));
    const all = kept.map(([name, inner]) => [name, read(inner, [...place, name], open)] as const);
    return Object.fromEntries(all.filter(([, inner]) => inner !== undefined));
  }
  const scalar = literal(value);
  if (scalar === undefined) open.push(place.join('.') || 'the whole');
  return scalar;
}

/** `OPTIONS` that API Gateway answers itself, for browsers. */
function isPreflight(value: Value, [top, , method, ...rest]: readonly string[]): boolean {
  if (top !== 'paths' || method !== 'options' || rest.length > 0) return false;
  return String(at(value, 'x-amazon-apigateway-integration.type')).toLowerCase() === 'mock';
}

/** OpenAPI 3.0 asks each operation for its responses. */
function pathsOf({ paths }: JsonObject): JsonObject {
  if (!isRecord(paths)) return {};
  const items = Object.entries(paths).map(([path, item]) => {
    if (!isRecord(item)) return [path, item] as const;
    const operations = Object.entries(item).map(([name, one]) =>
      METHODS.has(name) && isRecord(one) && one.responses === undefined ? [name, { ...one, ...ANSWERED }] : [name, one],
    );
    return [path, Object.fromEntries(operations) as JsonObject] as const;
  });
  return Object.fromEntries(items);
}

const METHODS = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']);

/** Handlers say nothing of what they answer. */
export const ANSWERED = { responses: { default: { description: 'What the handler answers' } } };
