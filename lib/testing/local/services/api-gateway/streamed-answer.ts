import type { HttpResponse } from '../../kernel/call';
import { isRecord, parseJson } from '../../kernel/json';
import { type Answer, restAnswer } from './answers';

const DELIMITER = Buffer.alloc(8);
/** The metadata and their delimiter must end within this many bytes. */
const METADATA_LIMIT = 16 * 1024;
const FIELDS = ['statusCode', 'headers', 'multiValueHeaders', 'cookies'];

/**
 * The response that a REST API builds from a streamed answer: JSON metadata, eight zero bytes, and the body, streamed
 * to the client.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html
 */
export async function streamedAnswer(body: AsyncIterable<Buffer>): Promise<Answer> {
  const pieces = body[Symbol.asyncIterator]();
  let start = Buffer.alloc(0);
  let end = -1;
  while (end < 0 && start.length < METADATA_LIMIT) {
    const next = await pieces.next();
    if (next.done === true) break;
    start = Buffer.concat([start, next.value]);
    end = start.indexOf(DELIMITER);
  }
  if (end < 0 || end > METADATA_LIMIT) {
    return { invalid: 'its first 16 KB have no metadata that eight zero bytes end' };
  }
  const head = headOf(start.subarray(0, end).toString());
  if ('invalid' in head) return head;
  return {
    status: head.status,
    ...(head.headers && { headers: head.headers }),
    stream: rest(start.subarray(end + 8), pieces),
  };
}

function headOf(json: string): Answer {
  const metadata = parseJson(json);
  if (!isRecord(metadata)) return { invalid: 'its metadata are not JSON' };
  const unknown = Object.keys(metadata).filter((field) => !FIELDS.includes(field));
  if (unknown.length > 0) return { invalid: `its metadata have '${unknown.join("', '")}', which is unknown` };
  const { cookies, ...answer } = metadata;
  const response = restAnswer(Buffer.from(JSON.stringify(answer)));
  if ('invalid' in response || !Array.isArray(cookies)) return response;
  return { ...response, headers: { ...response.headers, 'set-cookie': cookies.map(String) } };
}

async function* rest(
  first: Buffer,
  pieces: AsyncIterator<Buffer>,
): NonNullable<HttpResponse['stream']> & AsyncGenerator<Buffer> {
  if (first.length > 0) yield first;
  for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) yield next.value;
}
