import type { Caller } from '../../kernel/caller';
import { DISORDER } from '../../kernel/disorder';
import { jsonCall } from '../../kernel/forward';
import { type JsonObject, parseJson, recordOf, records, text } from '../../kernel/json';
import type { LocalContext } from '../../kernel/service';
import type { MappingSettings } from './settings';
import type { StreamFormat, StreamRecord } from './stream-format';

/** An iterator has expired or points before the oldest record, as DynamoDB Local's do when other tables are written. */
export class IteratorGone extends Error {
  override readonly name = 'IteratorGone';
}

/** Reads a stream through its service's API, with the function's role. */
export class StreamClient {
  /** The stream's ARN and format, the source as in records, and the caller. */
  constructor(
    private readonly context: LocalContext,
    private readonly format: StreamFormat,
    private readonly arns: { readonly stream: string; readonly source: string },
    private readonly caller: Caller,
  ) {}

  /** The ids of its shards. */
  async shards(): Promise<readonly string[]> {
    const { operation, of } = this.format.shards;
    return records(of(await this.call(operation, this.stream))).map(({ ShardId }) => text(ShardId) ?? '');
  }

  /** The iterator at the starting position of a shard. */
  async begin(shard: string, { startingPosition, startingTime }: MappingSettings): Promise<string> {
    const answer = await this.call('GetShardIterator', {
      ...this.stream,
      ShardId: shard,
      ShardIteratorType: startingPosition,
      ...(startingTime !== undefined && { Timestamp: startingTime }),
    });
    return text(answer.ShardIterator) ?? '';
  }

  /**
   * Replaces an invalid iterator: after a record, or at the oldest.
   * @param after sequence number of the last record read
   */
  async resume(shard: string, after: string | undefined): Promise<string> {
    const answer = await this.call('GetShardIterator', {
      ...this.stream,
      ShardId: shard,
      ShardIteratorType: after === undefined ? 'TRIM_HORIZON' : 'AFTER_SEQUENCE_NUMBER',
      [this.format.service === 'kinesis' ? 'StartingSequenceNumber' : 'SequenceNumber']: after,
    });
    return text(answer.ShardIterator) ?? '';
  }

  /**
   * The next records of a shard, and the next iterator.
   * @throws IteratorGone when the iterator is no longer valid
   */
  async read(
    iterator: string,
    shard: string,
  ): Promise<{ readonly records: readonly StreamRecord[]; readonly next: string }> {
    const answer = await this.call('GetRecords', { ShardIterator: iterator });
    const place = { arn: this.arns.source, shard, region: this.context.region, reader: this.caller.arn };
    const { items, late } = this.disordered(records(answer.Records), shard);
    return {
      records: items.map((item, index) => ({
        ...this.format.record(item, place),
        ...(late.has(index) && { disorder: DISORDER.late }),
      })),
      next: text(answer.NextShardIterator) ?? iterator,
    };
  }

  private disordered(
    given: readonly JsonObject[],
    shard: string,
  ): { readonly items: readonly JsonObject[]; readonly late: ReadonlySet<number> } {
    const items = [...given];
    const late = new Set<number>();
    if (!this.format.swapped) return { items, late };
    const chosen = items.map(
      () => this.context.disorder.next(`${this.arns.source} ${shard} ${this.caller.name}`).swapped,
    );
    for (let index = 0; index + 1 < items.length; index++) {
      const pair = chosen[index] ? this.format.swapped(items[index]!, items[index + 1]!) : undefined;
      if (!pair) continue;
      items.splice(index, 2, ...pair);
      // A swapped one is not swapped again.
      late.add(++index);
    }
    return { items, late };
  }

  private get stream(): JsonObject {
    return { [this.format.arnParameter]: this.arns.stream };
  }

  private async call(operation: string, input: JsonObject): Promise<JsonObject> {
    const { service, target } = this.format;
    const { status, body } = await this.context.call(service, jsonCall(target, operation, input), this.caller);
    const answer = recordOf(parseJson(String(body)));
    if (status === 200) return answer;
    if (/TrimmedDataAccess|ExpiredIterator/.test(text(answer.__type) ?? '')) throw new IteratorGone();
    throw new Error(
      `${operation} of ${this.arns.stream} failed: ${text(answer.message ?? answer.Message) ?? String(body)}`,
    );
  }
}
