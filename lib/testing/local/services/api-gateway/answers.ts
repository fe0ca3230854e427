import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { HttpResponse } from '../../kernel/call';
import { isRecord, type JsonRecord, parseJson, record, text } from '../../kernel/json';

/** A body in JSON with a message, as API Gateway writes its own errors. */
export function message(status: number, said: string, headers: Readonly<Record<string, string>> = {}): HttpResponse {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ message: said }),
  };
}

/**
 * What an HTTP API makes of a handler's answer in payload format 2.0: without a `statusCode`, the answer is the body.
 * @returns undefined for an answer that it cannot make a response of
 */
export function answerV2(payload: Buffer): HttpResponse | undefined {
  const answer = parseJson(payload.toString());
  if (!isRecord(answer) || answer.statusCode === undefined) {
    if (answer === undefined) return undefined;
    const body = typeof answer === 'string' ? answer : JSON.stringify(answer);
    return { status: 200, headers: { 'content-type': 'application/json' }, body };
  }
  const cookies = Array.isArray(answer.cookies) ? answer.cookies.map(String) : [];
  const response = structured(answer, 'text/plain; charset=utf-8');
  return response && cookies.length > 0
    ? { ...response, headers: { ...response.headers, 'set-cookie': cookies } }
    : response;
}

/**
 * What a REST API, and an HTTP API in payload format 1.0, make of a handler's answer.
 * @param defaultType the content type where the answer names none
 * @returns undefined for an answer that they cannot make a response of
 */
export function answerV1(payload: Buffer, defaultType: string): HttpResponse | undefined {
  const answer = parseJson(payload.toString());
  return isRecord(answer) && answer.statusCode !== undefined ? structured(answer, defaultType) : undefined;
}

/** Headers that are not the handler's to say: API Gateway counts the bytes and speaks to the client itself. */
const OF_THE_CONNECTION = ['connection', 'content-length', 'keep-alive', 'transfer-encoding', 'upgrade'];

function structured(answer: JsonRecord, defaultType: string): HttpResponse | undefined {
  const status = Number(answer.statusCode);
  if (!Number.isInteger(status) || status < 100 || status > 599) return undefined;
  const { body = '', headers = {}, multiValueHeaders = {} } = answer;
  if ((body !== null && typeof body !== 'string') || !isRecord(headers ?? {}) || !isRecord(multiValueHeaders ?? {})) {
    return undefined;
  }
  const sent: Record<string, string | readonly string[]> = { 'content-type': defaultType };
  for (const [name, value] of Object.entries(record(headers))) sent[name.toLowerCase()] = text(value) ?? '';
  for (const [name, values] of Object.entries(record(multiValueHeaders))) {
    if (Array.isArray(values)) sent[name.toLowerCase()] = values.map(String);
  }
  for (const name of OF_THE_CONNECTION) delete sent[name];
  if (!Object.entries(sent).every(isHeader)) return undefined;
  const bytes = answer.isBase64Encoded === true ? Buffer.from(body ?? '', 'base64') : (body ?? '');
  return { status, headers: sent, body: bytes };
}

/** Whether HTTP can carry a header: no line break in its value, no blank in its name. */
function isHeader([name, value]: readonly [string, string | readonly string[]]): boolean {
  try {
    validateHeaderName(name);
    for (const one of [value].flat()) validateHeaderValue(name, one);
    return true;
  } catch {
    return false;
  }
}
