import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { HttpResponse } from '../../kernel/call';
import { isRecord, type JsonObject, parseJson, recordOf, text } from '../../kernel/json';

/** A response, or why an answer is not a valid one. */
export type Answer = HttpResponse | { readonly invalid: string };

/** A JSON body with a message, as in API Gateway's own errors. */
export function message(status: number, said: string, headers: Readonly<Record<string, string>> = {}): HttpResponse {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ message: said }),
  };
}

/**
 * The response that an HTTP API builds from an answer in payload format 2.0: without a `statusCode`, the answer is the
 * body.
 */
export function answerV2(payload: Buffer): Answer {
  const answer = parseJson(payload.toString());
  if (!isRecord(answer) || answer.statusCode === undefined) {
    if (answer === undefined) return { invalid: 'it is not JSON' };
    const body = typeof answer === 'string' ? answer : JSON.stringify(answer);
    return { status: 200, headers: { 'content-type': 'application/json' }, body };
  }
  const cookies = Array.isArray(answer.cookies) ? answer.cookies.map(String) : [];
  // Format 2.0 has no multi-value headers.
  const response = structured({ ...answer, multiValueHeaders: {} }, 'text/plain; charset=utf-8');
  return 'status' in response && cookies.length > 0
    ? { ...response, headers: { ...response.headers, 'set-cookie': cookies } }
    : response;
}

/** The response that an HTTP API builds from an answer in payload format 1.0. */
export function answerV1(payload: Buffer): Answer {
  const answer = parseJson(payload.toString());
  if (!isRecord(answer) || answer.statusCode === undefined) return { invalid: "it has no 'statusCode'" };
  return structured(answer, 'text/plain; charset=utf-8');
}

const REST_FIELDS = ['statusCode', 'headers', 'multiValueHeaders', 'body', 'isBase64Encoded'];

/**
 * The response that a REST or WebSocket API builds from an answer: 200 without a `statusCode`; unknown fields are refused.
 * @see https://github.com/middyjs/middy/issues/1219 of WebSocket APIs
 */
export function restAnswer(payload: Buffer): Answer {
  const answer = parseJson(payload.toString());
  if (!isRecord(answer)) return { invalid: 'it is not an object' };
  const unknown = Object.keys(answer).filter((field) => !REST_FIELDS.includes(field));
  if (unknown.length > 0) return { invalid: `API Gateway does not support '${unknown.join("', '")}'` };
  const response = structured({ ...answer, statusCode: answer.statusCode ?? 200 }, 'application/json');
  return 'status' in response ? { ...response, headers: remapped(response.headers ?? {}) } : response;
}

/** Headers that a handler cannot set: API Gateway manages the length and the connection itself. */
const OF_THE_CONNECTION = ['connection', 'content-length', 'keep-alive', 'transfer-encoding', 'upgrade'];

function structured(answer: JsonObject, defaultType: string): Answer {
  const status = Number(text(answer.statusCode) || NaN);
  if (!Number.isInteger(status) || status < 200 || status > 599) {
    return {
      invalid: `'statusCode' is ${JSON.stringify(answer.statusCode)}, where a status from 200 to 599 is needed`,
    };
  }
  const { body, headers, multiValueHeaders } = answer;
  if (body !== null && body !== undefined && typeof body !== 'string') return { invalid: "'body' is not a string" };
  const sent = new Map<string, string | readonly string[]>([['content-type', defaultType]]);
  for (const [name, value] of Object.entries(recordOf(headers))) {
    if (value === null) continue;
    const one = text(value);
    if (one === undefined) return { invalid: `the header '${name}' is not a string` };
    sent.set(name.toLowerCase(), one);
  }
  for (const [name, values] of Object.entries(recordOf(multiValueHeaders))) {
    if (!Array.isArray(values)) return { invalid: `the values of '${name}' in 'multiValueHeaders' are not a list` };
    sent.set(name.toLowerCase(), merged(values.map(String), recordOf(headers), name.toLowerCase()));
  }
  for (const name of OF_THE_CONNECTION) sent.delete(name);
  const impossible = [...sent].find((entry) => !isHeader(entry));
  if (impossible) return { invalid: `no response can carry the header '${impossible[0]}'` };
  const bytes = answer.isBase64Encoded === true ? Buffer.from(body ?? '', 'base64') : (body ?? '');
  return { status, headers: Object.fromEntries(sent), body: bytes };
}

/** The values of a header given in both places: a pair in both counts once. */
function merged(values: readonly string[], headers: JsonObject, name: string): readonly string[] {
  const single = Object.entries(headers).find(([known]) => known.toLowerCase() === name)?.[1];
  const more = single === undefined || single === null ? [] : [String(single)];
  return [...values, ...more.filter((value) => !values.includes(value))];
}

/** Headers of an integration's response that a REST API renames. */
const REMAPPED = [
  'authorization',
  'connection',
  'content-length',
  'content-md5',
  'date',
  'expect',
  'host',
  'max-forwards',
  'proxy-authenticate',
  'server',
  'trailer',
  'upgrade',
  'user-agent',
  'www-authenticate',
];

/**
 * The headers of a response as a REST API sends them.
 * @param names the headers it renames; an HTTP proxy renames fewer
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 */
export function remapped<T>(
  headers: Readonly<Record<string, T>>,
  names: readonly string[] = REMAPPED,
): Record<string, T> {
  const entries = Object.entries(headers)
    .filter(([name]) => name !== 'transfer-encoding')
    .map(([name, value]) => [names.includes(name) ? `x-amzn-remapped-${name}` : name, value] as const);
  return Object.fromEntries(entries);
}

/** Whether a header is valid in HTTP: no line break in its value, no space in its name. */
function isHeader([name, value]: readonly [string, string | readonly string[]]): boolean {
  try {
    validateHeaderName(name);
    for (const one of [value].flat()) validateHeaderValue(name, one);
    return true;
  } catch {
    return false;
  }
}
