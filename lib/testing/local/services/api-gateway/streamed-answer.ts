import type { HttpResponse } from '../../kernel/call';
import { isRecord, parseJson, record, text } from '../../kernel/json';

/**
 * What a REST API makes of a streamed answer: metadata as JSON, eight zero bytes, the body. Here it is sent whole.
 * @returns undefined for an answer without metadata
 */
export function streamedAnswer(payload: Buffer): HttpResponse | undefined {
  const end = payload.indexOf(Buffer.alloc(8));
  const metadata = end < 0 ? undefined : parseJson(payload.subarray(0, end).toString());
  if (!isRecord(metadata)) return undefined;
  const headers: Record<string, string | readonly string[]> = { 'content-type': 'application/json' };
  for (const [name, value] of Object.entries(record(metadata.headers))) headers[name.toLowerCase()] = text(value) ?? '';
  if (Array.isArray(metadata.cookies)) headers['set-cookie'] = metadata.cookies.map(String);
  return { status: Number(metadata.statusCode ?? 200), headers, body: payload.subarray(end + 8) };
}
