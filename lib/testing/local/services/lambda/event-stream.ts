import { crc32 } from '../../kernel/crc';
import type { StreamedOutcome } from '../../lambda/streamed-response';
import { FunctionError } from '../../lambda/function-errors';

/**
 * A streamed response as `InvokeWithResponseStream` sends it: a message per chunk, and a final one with the error, if
 * any.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_InvokeWithResponseStream.html
 */
export async function* eventStream(
  outcome: StreamedOutcome,
  logTail: () => string | undefined,
): AsyncGenerator<Buffer> {
  let failure: FunctionError | undefined;
  try {
    for await (const chunk of outcome.body) yield messageOf('PayloadChunk', 'application/octet-stream', chunk);
  } catch (error) {
    if (!(error instanceof FunctionError)) throw error;
    failure = error;
  }
  const log = logTail();
  const end = {
    ...(failure && { ErrorCode: failure.errorType, ErrorDetails: JSON.stringify(failure.payload) }),
    ...(log !== undefined && { LogResult: log }),
  };
  yield messageOf('InvokeComplete', 'application/json', Buffer.from(JSON.stringify(end)));
}

/** Header values are strings. */
const TEXT = 7;

/** Lengths, headers, payload, and a checksum after each. */
function messageOf(event: string, contentType: string, payload: Buffer): Buffer {
  const headers = Buffer.concat(
    Object.entries({ ':message-type': 'event', ':event-type': event, ':content-type': contentType }).map(headerOf),
  );
  const lengths = Buffer.alloc(8);
  lengths.writeUInt32BE(16 + headers.length + payload.length);
  lengths.writeUInt32BE(headers.length, 4);
  const message = Buffer.concat([lengths, crc32(lengths), headers, payload]);
  return Buffer.concat([message, crc32(message)]);
}

function headerOf([name, value]: readonly [string, string]): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(Buffer.byteLength(value));
  return Buffer.concat([
    Buffer.from([name.length]),
    Buffer.from(name),
    Buffer.from([TEXT]),
    length,
    Buffer.from(value),
  ]);
}
