import { setMaxListeners } from 'node:events';
import { createHash } from 'node:crypto';
import { messageOf } from '../../kernel/errors';
import type { Consumer, Poller } from '../../kernel/event-source';
import type { LocalContext } from '../../kernel/service';
import { isBucketArn } from '../lambda/destination';
import { failureKey, type GivenUp } from './failure-record';
import { Lane } from './lane';
import { ReadingPace } from './reading-pace';
import type { MappingSettings } from './settings';
import { IteratorGone, StreamClient } from './stream-client';
import type { StreamFormat } from './stream-format';

interface ShardReader {
  readonly id: string;
  readonly lanes: readonly Lane[];
  iterator: string;
  /** Sequence number of the last record read. */
  last?: string;
}

/** Reads the shards of a stream, and passes their records to a consumer. */
export class StreamPoller implements Poller {
  private readonly stopping = new AbortController();
  private readonly client: StreamClient;
  private shards: readonly ShardReader[] = [];
  private looking: Promise<void> = Promise.resolve();
  private readonly pace: ReadingPace;

  /** The stream with what counts its writes, its consumer, and the settings. */
  constructor(
    private readonly context: LocalContext,
    private readonly format: StreamFormat,
    private readonly consumer: Consumer,
    private readonly settings: MappingSettings,
    { stream, writes }: { readonly stream: string; readonly writes: () => number },
  ) {
    // Each lane waits for it: up to ten for a shard.
    setMaxListeners(0, this.stopping.signal);
    this.pace = new ReadingPace(writes);
    this.client = new StreamClient(context, format, { source: settings.source, stream }, consumer.caller);
  }

  /** Finds the shards and starts reading. */
  async start(): Promise<void> {
    this.shards = await Promise.all(
      (await this.client.shards()).map(async (id) => {
        const lanes = Array.from({ length: this.settings.parallelization }, () => this.lane(id));
        return { id, lanes, iterator: await this.client.begin(id, this.settings) };
      }),
    );
    for (const loop of [...this.lanes, this]) this.context.background.run(this.consumer.name, loop.run());
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.looking.catch(() => undefined);
  }

  /** How many records are still to be processed, after reading any unread ones. */
  async pending(): Promise<string | undefined> {
    await this.look();
    const left = this.lanes.reduce((sum, lane) => sum + lane.left, 0);
    return left > 0 ? `${left} records` : undefined;
  }

  private get lanes(): readonly Lane[] {
    return this.shards.flatMap(({ lanes }) => lanes);
  }

  private lane(shard: string): Lane {
    const { context, consumer, settings } = this;
    const giveUp = (batch: GivenUp) => this.giveUp(batch, shard);
    return new Lane({ context, consumer, settings, shard, signal: this.stopping.signal, giveUp });
  }

  /** Reads until stopped. */
  run(): Promise<void> {
    return this.pace.keep(() => this.look(), this.stopping.signal);
  }

  /** One read at a time, or a record would be read twice. */
  private look(): Promise<void> {
    this.looking = this.looking.then(() => this.readAll());
    return this.looking;
  }

  private async readAll(): Promise<void> {
    this.pace.begin();
    for (const shard of this.shards) {
      if (this.stopping.signal.aborted) return;
      try {
        const { records, next } = await this.readFrom(shard);
        shard.iterator = next;
        // There may be more than one answer holds.
        if (records.length > 0) this.pace.again();
        shard.last = records.at(-1)?.sequence ?? shard.last;
        for (const [index, lane] of shard.lanes.entries()) {
          const own = records.filter(({ key }) => laneOf(key, shard.lanes.length) === index);
          if (own.length > 0) lane.push(own);
        }
      } catch (error) {
        if (this.stopping.signal.aborted) return;
        this.pace.again();
        this.write(messageOf(error));
      }
    }
  }

  private async readFrom(shard: ShardReader): ReturnType<StreamClient['read']> {
    try {
      return await this.client.read(shard.iterator, shard.id);
    } catch (error) {
      // One that started at LATEST and has read nothing resumes at its start.
      const lost = shard.last === undefined && this.settings.startingPosition !== 'TRIM_HORIZON';
      if (!(error instanceof IteratorGone) || lost) throw error;
      return this.client.read(await this.client.resume(shard.id, shard.last), shard.id);
    }
  }

  /** An unreachable destination is logged here; on AWS the records are lost silently. */
  private async giveUp(given: GivenUp, shard: string): Promise<void> {
    const { settings, consumer, context } = this;
    const to = settings.failureDestination;
    if (to === undefined) return;
    const said = consumer.failure(given, {
      shardId: shard,
      stream: settings.source,
      batchInfo: this.format.batchInfo,
    });
    const isBucket = isBucketArn(to);
    const payload = isBucket
      ? { ...said, payload: JSON.stringify({ Records: given.batch.map(({ event }) => event) }) }
      : said;
    try {
      const destination = isBucket ? `${to}/${failureKey(settings.id, shard)}` : to;
      await context.deliver({ target: destination, payload, sender: consumer.caller });
    } catch (error) {
      this.write(`delivery to ${to} failed: ${messageOf(error)}`);
    }
  }

  private write(message: string): void {
    this.context.logs.write(this.consumer.name, `ERROR ${message}`);
  }
}

function laneOf(key: string, lanes: number): number {
  return lanes === 1 ? 0 : createHash('md5').update(key).digest().readUInt32BE(0) % lanes;
}
