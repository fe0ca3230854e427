import type { HttpResponse } from '../../kernel/call';
import type { JsonObject } from '../../kernel/json';
import { answerV2 } from '../api-gateway/answers';

/**
 * The status and the headers of a streamed response.
 * @param metadata from `HttpResponseStream.from`; undefined if the handler did not use it
 */
export function httpHead(
  metadata: JsonObject | undefined,
  contentType: string,
): Pick<HttpResponse, 'status' | 'headers'> | { readonly invalid: string } {
  if (!metadata) return { status: 200, headers: { 'content-type': contentType } };
  const whole = {
    statusCode: 200,
    ...metadata,
    headers: { 'content-type': 'application/octet-stream', ...lower(metadata.headers) },
  };
  const answer = answerV2(Buffer.from(JSON.stringify({ ...whole, body: undefined })));
  return 'invalid' in answer ? answer : { status: answer.status, ...(answer.headers && { headers: answer.headers }) };
}

function lower(headers: unknown): object {
  return Object.fromEntries(
    Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value as unknown]),
  );
}
