import type { Caller } from '../../kernel/caller';
import { jsonCall } from '../../kernel/forward';
import { type JsonRecord, parseJson, record, records, text } from '../../kernel/json';
import type { LocalContext } from '../../kernel/service';
import type { MappingSettings } from './settings';
import type { StreamFormat, StreamRecord } from './stream-format';

/** Reads a stream by its service's API, in the name of the function's role. */
export class StreamClient {
  /** The stream by its ARN and format, and in whose name. */
  constructor(
    private readonly context: LocalContext,
    private readonly format: StreamFormat,
    private readonly arn: string,
    private readonly caller: Caller,
  ) {}

  /** The ids of its shards. */
  async shards(): Promise<readonly string[]> {
    const { operation, of } = this.format.shards;
    return records(of(await this.call(operation, this.stream))).map(({ ShardId }) => text(ShardId) ?? '');
  }

  /** Where reading a shard begins. */
  async begin(shard: string, { startingPosition, startingTime }: MappingSettings): Promise<string> {
    const answer = await this.call('GetShardIterator', {
      ...this.stream,
      ShardId: shard,
      ShardIteratorType: startingPosition,
      ...(startingTime !== undefined && { Timestamp: startingTime }),
    });
    return text(answer.ShardIterator) ?? '';
  }

  /** The next records of a shard, and where to go on. */
  async read(
    iterator: string,
    shard: string,
  ): Promise<{ readonly records: readonly StreamRecord[]; readonly next: string }> {
    const answer = await this.call('GetRecords', { ShardIterator: iterator });
    const place = { arn: this.arn, shard, region: this.context.region, reader: this.caller.arn };
    return {
      records: records(answer.Records).map((item) => this.format.record(item, place)),
      next: text(answer.NextShardIterator) ?? iterator,
    };
  }

  private get stream(): JsonRecord {
    return { [this.format.arnParameter]: this.arn };
  }

  private async call(operation: string, input: JsonRecord): Promise<JsonRecord> {
    const { service, target } = this.format;
    const { status, body } = await this.context.call(service, jsonCall(target, operation, input), this.caller);
    const answer = record(parseJson(String(body)));
    if (status === 200) return answer;
    throw new Error(`${operation} of ${this.arn} failed: ${text(answer.message ?? answer.Message) ?? String(body)}`);
  }
}
