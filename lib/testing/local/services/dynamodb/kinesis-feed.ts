import { createHash, randomUUID } from 'node:crypto';
import type { HttpResponse } from '../../kernel/call';
import type { Caller } from '../../kernel/caller';
import type { Deployed } from '../../kernel/deployment';
import { messageOf } from '../../kernel/errors';
import { jsonCall } from '../../kernel/forward';
import { type JsonObject, number, parseJson, recordOf, records, text } from '../../kernel/json';
import type { LocalContext } from '../../kernel/service';
import { ReadingPace } from '../event-source-mappings/reading-pace';
import { EXCEEDED } from '../kinesis/stream';
import type { EngineCalls } from './engine-calls';
import type { KinesisDestination } from './tables';

const STREAMS = 'DynamoDBStreams_20120810';
/** DynamoDB writes with a service-linked role, which no template has. */
const DYNAMODB: Caller = { accessKeyId: '', name: 'DynamoDB', arn: 'dynamodb.amazonaws.com', policies: 'everything' };

/** Where reading an engine's shard continues. */
interface Shard {
  /** Undefined once the shard has ended. */
  iterator: string | undefined;
  /** Sequence number of the last change sent. */
  last?: string;
}

/**
 * Sends a table's changes to a Kinesis stream. As on AWS, they may be reordered, even those of one item, or duplicated.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/kds.html
 */
export class KinesisFeed {
  private readonly stopping = new AbortController();
  private looking: Promise<void> = Promise.resolve();
  private readonly shards = new Map<string, Shard>();
  private readonly pace: ReadingPace;
  private sent = 0;

  /**
   * @param changes the engine's stream of the table, with both images
   * @param writes how often the table may have changed
   */
  constructor(
    private readonly context: LocalContext,
    private readonly table: Deployed,
    private readonly to: KinesisDestination,
    private readonly engine: EngineCalls,
    private readonly changes: string,
    writes: () => number,
  ) {
    this.pace = new ReadingPace(writes);
  }

  /**
   * Starts sending changes.
   * @param kept whether the table existed before, with changes already sent
   */
  async start(kept: boolean): Promise<void> {
    await this.find(kept ? 'LATEST' : 'TRIM_HORIZON');
    this.context.background.run(this.table.displayName, this.run());
  }

  /** Sends pending changes. @returns how many were sent since the last call, which a reader may not have seen */
  async pending(): Promise<number> {
    await this.look();
    const { sent } = this;
    this.sent = 0;
    return sent;
  }

  private look(): Promise<void> {
    this.looking = this.looking.then(() => this.readAll());
    return this.looking;
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.looking.catch(() => undefined);
  }

  private run(): Promise<void> {
    return this.pace.keep(() => this.look(), this.stopping.signal);
  }

  private async readAll(): Promise<void> {
    this.pace.begin();
    try {
      // One engine has no shard before the first change, and occasionally ends one.
      const open = [...this.shards.values()].some(({ iterator }) => iterator !== undefined);
      if (!open) await this.find('TRIM_HORIZON');
      for (const [id, shard] of this.shards) {
        if (this.stopping.signal.aborted) return;
        if (shard.iterator !== undefined) await this.send(id, shard);
      }
    } catch (error) {
      this.pace.again();
      if (!this.stopping.signal.aborted) this.context.logs.write(this.table.displayName, `ERROR ${messageOf(error)}`);
    }
  }

  private async send(id: string, shard: Shard, renews = true): Promise<void> {
    const answer = await this.answer('GetRecords', { ShardIterator: shard.iterator });
    if (renews && /TrimmedDataAccess|ExpiredIterator/.test(text(answer.__type) ?? '')) {
      // One engine lets iterators of a quiet table expire.
      shard.iterator = await this.iterator(
        id,
        shard.last === undefined ? 'TRIM_HORIZON' : 'AFTER_SEQUENCE_NUMBER',
        shard,
      );
      return this.send(id, shard, false);
    }
    if (answer.Records === undefined)
      throw new Error(`GetRecords of ${this.table.name} failed: ${JSON.stringify(answer)}`);
    const changes = records(answer.Records);
    // There may be more than one answer holds.
    if (changes.length > 0) this.pace.again();
    for (const change of this.disordered(changes)) {
      await this.put(change);
      this.sent++;
    }
    shard.last = text(recordOf(changes.at(-1)?.dynamodb).SequenceNumber) ?? shard.last;
    shard.iterator = text(answer.NextShardIterator);
  }

  /** Starts reading new shards. */
  private async find(place: 'LATEST' | 'TRIM_HORIZON'): Promise<void> {
    const { StreamDescription } = await this.answer('DescribeStream', { StreamArn: this.changes });
    for (const { ShardId } of records(recordOf(StreamDescription).Shards)) {
      const id = text(ShardId);
      if (id !== undefined && !this.shards.has(id)) this.shards.set(id, { iterator: await this.iterator(id, place) });
    }
  }

  private async iterator(ShardId: string, ShardIteratorType: string, { last }: Partial<Shard> = {}) {
    const place = { StreamArn: this.changes, ShardId, ShardIteratorType, ...(last && { SequenceNumber: last }) };
    return text((await this.answer('GetShardIterator', place)).ShardIterator);
  }

  /** Swaps some neighbours, and repeats some after their successor. */
  private disordered(changes: readonly JsonObject[]): readonly JsonObject[] {
    const sent = [...changes];
    const fates = changes.map(() => this.context.disorder.next(`${this.changes} ${this.to.stream}`));
    for (let index = 0; index + 1 < sent.length; index++) {
      if (!fates[index]!.swapped) continue;
      [sent[index], sent[index + 1]] = [sent[index + 1]!, sent[index]!];
      // A swapped one is not swapped again.
      index++;
    }
    const again = new Set(changes.filter((_, index) => fates[index]!.repeated));
    return sent.flatMap((change, index) => {
      const before = sent[index - 1];
      const last = index === sent.length - 1 && again.has(change) ? [change] : [];
      return [change, ...(before && again.has(before) ? [before] : []), ...last];
    });
  }

  private async put(change: JsonObject): Promise<void> {
    const { ApproximateCreationDateTime, Keys, NewImage, OldImage, SizeBytes } = recordOf(change.dynamodb);
    const [precision, perSecond] =
      this.to.precision === 'MILLISECOND' ? (['MILLISECOND', 1000] as const) : (['MICROSECOND', 1_000_000] as const);
    const data = {
      awsRegion: this.context.region,
      eventID: text(change.eventID) ?? randomUUID(),
      eventName: change.eventName,
      userIdentity: change.userIdentity ?? null,
      recordFormat: 'application/json',
      tableName: this.table.name,
      dynamodb: {
        ApproximateCreationDateTime: (number(ApproximateCreationDateTime) ?? 0) * perSecond,
        Keys,
        NewImage,
        OldImage,
        SizeBytes,
        ApproximateCreationDateTimePrecision: precision,
      },
      eventSource: 'aws:dynamodb',
    };
    // By the whole key: nothing guarantees one shard per partition.
    const PartitionKey = createHash('md5').update(JSON.stringify(Keys)).digest('hex').toUpperCase();
    const Data = Buffer.from(JSON.stringify(data)).toString('base64');
    const call = jsonCall('Kinesis_20131202', 'PutRecord', { StreamARN: this.to.stream, PartitionKey, Data });
    const { status, body } = await this.patiently(() => this.context.call('kinesis', call, DYNAMODB));
    if (status !== 200) throw new Error(`PutRecord to ${this.to.stream} failed: ${String(body)}`);
  }

  /** A shard that has taken its share of the second takes more in the next one. */
  private async patiently(put: () => Promise<HttpResponse>): Promise<HttpResponse> {
    for (;;) {
      const response = await put();
      if (this.stopping.signal.aborted || !String(response.body).includes(EXCEEDED)) return response;
      await this.context.clock.wait(0.2, this.stopping.signal);
    }
  }

  private async answer(operation: string, input: JsonObject): Promise<JsonObject> {
    const { body } = await this.engine.pass(`${STREAMS}.${operation}`, Buffer.from(JSON.stringify(input)));
    return recordOf(parseJson(String(body)));
  }
}
