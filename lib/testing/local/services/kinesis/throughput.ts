import {
  kinesisReadBytesPerShard,
  kinesisReadsPerShard,
  kinesisWriteBytesPerShard,
  kinesisWritesPerShard,
} from '../../../../core/facts/streams';

/** What a shard takes and gives in a second of the services' time. Bursts above one second's worth are paid off first. */
export class ShardThroughput {
  private readonly records: Allowance;
  private readonly bytes: Allowance;
  private readonly reads: Allowance;
  private readonly bytesRead: Allowance;
  private readonly iterators: Allowance;
  /** Until when reads are refused after a large one. */
  private readsFrom = 0;

  /**
   * @param now the services' time, in milliseconds
   * @param pollers how many mappings and pipes poll the shard, each once a second
   */
  constructor(
    private readonly now: () => number,
    pollers: () => number,
  ) {
    this.records = new Allowance(() => kinesisWritesPerShard.value, now);
    this.bytes = new Allowance(() => kinesisWriteBytesPerShard.value, now);
    this.reads = new Allowance(() => kinesisReadsPerShard.value - pollers(), now);
    this.bytesRead = new Allowance(() => kinesisReadBytesPerShard.value, now);
    this.iterators = new Allowance(() => kinesisReadsPerShard.value, now);
  }

  /** Whether a record may be written now; counts it if so. */
  write(bytes: number): boolean {
    if (!this.records.has(1) || !this.bytes.has(bytes)) return false;
    this.records.take(1);
    this.bytes.take(bytes);
    return true;
  }

  /** Whether a read may begin now; counts it if so. */
  read(): boolean {
    if (this.now() < this.readsFrom || !this.reads.has(1) || !this.bytesRead.has(1)) return false;
    this.reads.take(1);
    return true;
  }

  /** Counts what was read. More than a second's worth holds up the reads of the seconds after. */
  gave(bytes: number): void {
    const most = kinesisReadBytesPerShard.value;
    if (bytes > most) this.readsFrom = this.now() + (bytes / most) * 1000;
    else this.bytesRead.take(bytes);
  }

  /** Whether an iterator may be made now; counts it if so. */
  iterate(): boolean {
    if (!this.iterators.has(1)) return false;
    this.iterators.take(1);
    return true;
  }
}

/** An amount per second, filled up continuously to that amount. */
class Allowance {
  private left: number | undefined;
  private at: number;

  constructor(
    private readonly perSecond: () => number,
    private readonly now: () => number,
  ) {
    this.at = now();
  }

  /** Whether there is enough; for more than a second's worth, the whole. */
  has(amount: number): boolean {
    const now = this.now();
    const most = this.perSecond();
    this.left = Math.min(most, (this.left ?? most) + ((now - this.at) / 1000) * most);
    this.at = now;
    return most > 0 && this.left >= Math.min(amount, most);
  }

  take(amount: number): void {
    this.left = (this.left ?? this.perSecond()) - amount;
  }
}
