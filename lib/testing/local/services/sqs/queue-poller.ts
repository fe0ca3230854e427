import * as facts from '../../../../core/facts/event-source';
import { synchronousPayload } from '../../../../core/facts/lambda';
import { pause } from '../../kernel/clock';
import { disorderNote } from '../../kernel/disorder';
import type { Consumer, Poller } from '../../kernel/event-source';
import { ThrottledError } from '../../lambda/function-errors';
import type { JsonObject } from '../../kernel/json';
import type { Outcome } from '../../lambda/lambda-function';
import type { LocalContext } from '../../kernel/service';
import { batchAnswer, unaskedFailures } from '../event-source-mappings/batch-answer';
import { passes } from '../event-source-mappings/filters';
import { queueRecord } from './queue-event';
import type { MappingSettings } from '../event-source-mappings/settings';
import type { Message } from './message';
import type { Queue } from './queue';

/** Each provisioned poller runs up to ten concurrent invocations. */
const INVOCATIONS_PER_POLLER = 10;
/** Maximum concurrent invocations for a standard queue. */
const MOST = 1250;
/** Pause between attempts of a throttled batch, in milliseconds. */
const BACKOFF = 20;
/** Upper bound of a record's size besides its body, in bytes. */
const OVERHEAD = 1_000;

/** Receives messages from a queue in batches and passes them to a consumer. */
export class QueuePoller implements Poller {
  private readonly stopping = new AbortController();
  private readonly startedAt = Date.now();
  private inWork = 0;
  private backedOff = Infinity;
  private freed: (() => void) | undefined;

  /** Which queue, for whom, and how. */
  constructor(
    private readonly context: LocalContext,
    private readonly queue: Queue,
    private readonly consumer: Consumer,
    private readonly settings: MappingSettings,
  ) {}

  /** Describes the messages still to be processed. */
  async pending(): Promise<string | undefined> {
    const { visible, inFlight, delayed } = this.queue.depth;
    const left = visible + inFlight + delayed;
    return left > 0 ? `${left} messages` : undefined;
  }

  /** Begins to receive. */
  async start(): Promise<void> {
    this.background(this.run());
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.freed?.();
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      if (this.inWork >= this.limit()) {
        await new Promise<void>((resolve) => (this.freed = resolve));
        continue;
      }
      const batch = await this.gather(signal);
      if (batch.length === 0 || signal.aborted) continue;
      this.inWork++;
      const deadline = Date.now() + this.queue.settings.visibilityTimeout * 1000;
      const work = this.work(batch, deadline).finally(() => {
        this.inWork--;
        this.freed?.();
      });
      this.background(work);
    }
  }

  /** Concurrent batches: as configured or as Lambda scales, fewer after throttling. */
  private limit(): number {
    const { maximumConcurrency, provisionedPollers } = this.settings;
    const minutes = this.context.clock.since(this.startedAt) / 60;
    const scaled = facts.initialPollers.value + Math.floor(minutes) * facts.pollerGrowth.value;
    const limit =
      maximumConcurrency ??
      (provisionedPollers === undefined ? Math.min(MOST, scaled) : provisionedPollers * INVOCATIONS_PER_POLLER);
    // Beyond the local limit of environments, batches would only queue while their messages stay hidden.
    const here = this.consumer.atMost === undefined ? this.context.options.maxEnvironments : Infinity;
    return Math.max(1, Math.min(limit, here, this.backedOff));
  }

  /** The next batch: returned once messages are available, once full, or when the batching window closes. */
  private async gather(signal: AbortSignal): Promise<readonly Message[]> {
    const { batchSize = 10, window } = this.settings;
    const batch: Message[] = [];
    let bytes = 0;
    let until = Infinity;
    let full = false;
    const fits = ({ body }: Message): boolean => {
      bytes += Buffer.byteLength(JSON.stringify(body)) + OVERHEAD;
      full = bytes > synchronousPayload.value && bytes > Buffer.byteLength(JSON.stringify(body)) + OVERHEAD;
      return !full;
    };
    while (!signal.aborted) {
      batch.push(...this.queue.receive({ max: batchSize - batch.length, hold: true, fits }));
      if (batch.length === 0) {
        await this.queue.arrival(Infinity, signal);
        continue;
      }
      if (until === Infinity) until = this.context.clock.after(window);
      const left = until - Date.now();
      if (full || batch.length >= batchSize || left <= 0 || this.queue.fifo) break;
      await this.queue.arrival(left, signal);
    }
    return batch;
  }

  private async work(batch: readonly Message[], deadline: number): Promise<void> {
    const { queue, settings, context } = this;
    const items = batch.map((message) => queueRecord(queue, message, context.region));
    const wanted = items.filter((item, index) => {
      const passed = passes(settings.filters, item, 'body');
      // SQS does not track reads: Lambda deletes messages that its filters reject.
      if (!passed) queue.delete(batch[index]!.handle ?? '');
      return passed;
    });
    if (wanted.length === 0) return;
    const outcome = await this.invoke(wanted, deadline);
    const failed = this.failedOf(outcome, wanted);
    for (const { id, disorder } of batch) {
      if (disorder !== undefined && failed.has(id)) this.write(disorderNote(`message ${id}`, disorder), outcome);
    }
    for (const { messageId, receiptHandle } of wanted) {
      if (failed.has(String(messageId))) queue.letGo(String(receiptHandle));
      else queue.delete(String(receiptHandle));
    }
  }

  /** A throttled batch is retried until its messages are about to become visible again. */
  private async invoke(items: readonly JsonObject[], deadline: number): Promise<Outcome | undefined> {
    while (Date.now() < deadline && !this.stopping.signal.aborted) {
      try {
        const outcome = await this.consumer.work(items);
        this.backedOff++;
        return outcome;
      } catch (error) {
        if (!(error instanceof ThrottledError)) throw error;
        this.backedOff = Math.max(1, Math.floor(Math.min(this.backedOff, this.inWork) / 2));
        await pause(BACKOFF, this.stopping.signal);
      }
    }
    return undefined;
  }

  private background(work: Promise<void>): void {
    this.context.background.run(this.consumer.name, work);
  }

  private write(line: string, outcome: Outcome | undefined): void {
    this.context.logs.write(this.consumer.name, line, outcome?.requestId);
  }

  private failedOf(outcome: Outcome | undefined, items: readonly JsonObject[]): ReadonlySet<string> {
    const ids = items.map(({ messageId }) => String(messageId));
    if (!outcome || outcome.error) return new Set(ids);
    if (!this.settings.partial) {
      const said = unaskedFailures(outcome.payload, 'messages');
      if (said !== undefined) this.write(said, outcome);
      return new Set();
    }
    const answer = batchAnswer(outcome.payload, ids);
    if (answer === 'done') return new Set();
    return answer === 'failed' ? new Set(ids) : answer;
  }
}
