import type { HttpResponse } from '../../kernel/call';
import { type JsonObject, parseJson, recordOf, text } from '../../kernel/json';

/**
 * Stream iterators, which as on AWS start with the stream's ARN: it identifies the stream whose access a `GetRecords`
 * needs. Engines use other formats.
 */
export function toEngineIterator(input: JsonObject): string {
  const [, own = ''] = split(text(input.ShardIterator));
  return JSON.stringify({ ...input, ShardIterator: own });
}

/** The ARN of the stream to read. */
export const streamOfIterator = ({ ShardIterator }: JsonObject): string => split(text(ShardIterator))[0];

/** The answer to `GetShardIterator` or `GetRecords`, with the stream's ARN in its iterator. */
export function withStreamArn(response: HttpResponse, input: JsonObject): HttpResponse {
  const answer = recordOf(parseJson(String(response.body)));
  const stream = text(input.StreamArn) ?? split(text(input.ShardIterator))[0];
  const marked = ['ShardIterator', 'NextShardIterator']
    .filter((name) => typeof answer[name] === 'string')
    .map((name) => [name, `${stream}|${text(answer[name])}`] as const);
  return { ...response, body: JSON.stringify({ ...answer, ...Object.fromEntries(marked) }) };
}

function split(iterator = ''): readonly [stream: string, own: string] {
  const bar = iterator.indexOf('|');
  return [iterator.slice(0, bar), iterator.slice(bar + 1)];
}
