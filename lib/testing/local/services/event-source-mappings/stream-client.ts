import type { Caller } from '../../kernel/caller';
import { jsonCall } from '../../kernel/forward';
import { type JsonRecord, number, parseJson, record, records, text } from '../../kernel/json';
import type { LocalContext } from '../../kernel/service';
import type { MappingSettings } from './settings';

/** A record of a stream, as a mapping works with it. */
export interface StreamRecord {
  /** Its place in the shard. */
  readonly sequence: string;
  /** What keeps its order: records with one key are worked on one after the other. */
  readonly key: string;
  /** When it came, in milliseconds since the epoch. */
  readonly arrival: number;
  /** What the handler gets. */
  readonly event: JsonRecord;
  /** What filters look at. */
  readonly filtered: JsonRecord;
}

/** Reads a stream of Kinesis or DynamoDB by its API, in the name of the function's role. */
export class StreamClient {
  /** Whether it is a table's stream. */
  readonly isTable: boolean;

  /** The stream by its ARN, and in whose name. */
  constructor(
    private readonly context: LocalContext,
    private readonly arn: string,
    private readonly caller: Caller,
  ) {
    this.isTable = arn.includes(':dynamodb:');
  }

  /** The ids of its shards. */
  async shards(): Promise<readonly string[]> {
    const found = this.isTable
      ? record((await this.call('DescribeStream', { StreamArn: this.arn })).StreamDescription).Shards
      : (await this.call('ListShards', { StreamARN: this.arn })).Shards;
    return records(found).map(({ ShardId }) => text(ShardId) ?? '');
  }

  /** Where reading a shard begins. */
  async begin(shard: string, { startingPosition, startingTime }: MappingSettings): Promise<string> {
    const answer = await this.call('GetShardIterator', {
      ...(this.isTable ? { StreamArn: this.arn } : { StreamARN: this.arn }),
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
    const read = (item: JsonRecord) => (this.isTable ? this.tableRecord(item) : this.kinesisRecord(item, shard));
    return { records: records(answer.Records).map(read), next: text(answer.NextShardIterator) ?? iterator };
  }

  private async call(operation: string, input: JsonRecord): Promise<JsonRecord> {
    const [service, target] = this.isTable ? ['dynamodb', 'DynamoDBStreams_20120810'] : ['kinesis', 'Kinesis_20131202'];
    const { status, body } = await this.context.call(service!, jsonCall(target!, operation, input), this.caller);
    const answer = record(parseJson(String(body)));
    if (status === 200) return answer;
    throw new Error(`${operation} of ${this.arn} failed: ${text(answer.message ?? answer.Message) ?? String(body)}`);
  }

  /** @see https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html */
  private kinesisRecord(item: JsonRecord, shard: string): StreamRecord {
    const sequence = text(item.SequenceNumber) ?? '';
    const arrival = number(item.ApproximateArrivalTimestamp) ?? 0;
    const partitionKey = text(item.PartitionKey) ?? '';
    const data = text(item.Data) ?? '';
    const kinesis = {
      kinesisSchemaVersion: '1.0',
      partitionKey,
      sequenceNumber: sequence,
      data,
      approximateArrivalTimestamp: arrival,
    };
    return {
      sequence,
      key: partitionKey,
      arrival: arrival * 1000,
      filtered: { ...kinesis, data: Buffer.from(data, 'base64').toString() },
      event: {
        kinesis,
        eventSource: 'aws:kinesis',
        eventVersion: '1.0',
        eventID: `${shard}:${sequence}`,
        eventName: 'aws:kinesis:record',
        invokeIdentityArn: this.caller.arn,
        awsRegion: this.context.region,
        eventSourceARN: this.arn,
      },
    };
  }

  /** @see https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html */
  private tableRecord(item: JsonRecord): StreamRecord {
    const change = record(item.dynamodb);
    const event = { ...item, eventSource: 'aws:dynamodb', awsRegion: this.context.region, eventSourceARN: this.arn };
    return {
      sequence: text(change.SequenceNumber) ?? '',
      key: JSON.stringify(change.Keys),
      arrival: (number(change.ApproximateCreationDateTime) ?? 0) * 1000,
      event,
      filtered: event,
    };
  }
}
