import { synchronousPayload } from '../../../../core/facts/lambda';
import { pause } from '../../kernel/clock';
import { disorderNote } from '../../kernel/disorder';
import { ThrottledError } from '../../lambda/function-errors';
import type { Consumer } from '../../kernel/event-source';
import { type JsonObject, parseJson, recordOf } from '../../kernel/json';
import type { Outcome } from '../../lambda/lambda-function';
import type { LocalContext } from '../../kernel/service';
import { batchAnswer, unaskedFailures } from './batch-answer';
import type { GivenUp } from './failure-record';
import { passes } from './filters';
import type { MappingSettings } from './settings';
import type { StreamRecord } from './stream-format';
import { type Window, windowAt } from './window';

/** Pause between attempts of a throttled batch, in milliseconds. */
const BACKOFF = 20;

/** The dependencies of a lane. */
export interface LaneContext {
  /** The shared context of the services. */
  readonly context: LocalContext;
  readonly consumer: Consumer;
  readonly settings: MappingSettings;
  readonly shard: string;
  readonly signal: AbortSignal;
  /** Receives discarded records. */
  readonly giveUp: (batch: GivenUp) => Promise<void>;
}

/**
 * Processes the records of a shard, or of part of its keys, batch by batch: a failing batch blocks the rest until it
 * succeeds or is discarded.
 */
export class Lane {
  private readonly waiting: StreamRecord[] = [];
  private working = false;
  private wake: (() => void) | undefined;
  private window: Window | undefined;

  /** @param lane what it works with */
  constructor(private readonly lane: LaneContext) {}

  /** How many records are waiting or in progress; an open window counts as one. */
  get left(): number {
    return this.waiting.length + (this.working ? 1 : 0) + (this.window ? 1 : 0);
  }

  /** Takes records, in order. */
  push(records: readonly StreamRecord[]): void {
    this.waiting.push(...records);
    this.wake?.();
  }

  async run(): Promise<void> {
    const { signal } = this.lane;
    while (!signal.aborted) {
      const batch = await this.gather();
      if (signal.aborted) return;
      this.working = true;
      await this.closeWindow();
      if (batch.length > 0) await this.work(batch, 0);
      this.working = false;
    }
  }

  /** The next batch: once it is full, its batching window has passed, or a tumbling window ends. */
  private async gather(): Promise<readonly StreamRecord[]> {
    const { settings, context, signal } = this.lane;
    const { batchSize = 100, window, tumblingWindow } = settings;
    let until = Infinity;
    while (!signal.aborted) {
      if (this.waiting.length > 0 && until === Infinity) until = context.clock.after(window);
      const ends = this.window?.end ?? Infinity;
      if (this.waiting.length >= batchSize || Date.now() >= Math.min(until, ends)) break;
      await this.arrival(Math.min(until, ends) - Date.now());
    }
    const length = tumblingWindow === 0 ? 0 : context.clock.milliseconds(tumblingWindow);
    const [first] = this.waiting;
    let bytes = 0;
    const end = this.waiting.slice(0, batchSize).findIndex(({ event, arrival }, index) => {
      bytes += Buffer.byteLength(JSON.stringify(event));
      const other = length > 0 && windowAt(arrival, length).start !== windowAt(first!.arrival, length).start;
      return index > 0 && (bytes > synchronousPayload.value || other);
    });
    return this.waiting.splice(0, end < 0 ? batchSize : end);
  }

  private async arrival(milliseconds: number): Promise<void> {
    const { signal } = this.lane;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      const wake = () => resolve();
      this.wake = () => {
        signal.removeEventListener('abort', wake);
        resolve();
      };
      signal.addEventListener('abort', wake, { once: true });
      if (milliseconds < Infinity) timer = setTimeout(this.wake, Math.max(1, milliseconds));
    });
    clearTimeout(timer);
  }

  /** @param attempts so far of the batch, or of the one it was split from */
  private async work(given: readonly StreamRecord[], attempts: number): Promise<void> {
    const { settings, signal, context } = this.lane;
    let batch: readonly StreamRecord[] = given.filter(({ filtered }) => passes(settings.filters, filtered, 'data'));
    for (let attempt = attempts; batch.length > 0 && !signal.aborted; attempt++) {
      batch = await this.withoutTheOld(batch, attempt);
      if (batch.length === 0) return;
      const outcome = await this.invoke(batch);
      if (!outcome) return;
      const done = this.doneOf(outcome, batch);
      batch = batch.slice(done);
      if (batch.length === 0) return;
      this.noteDisorder(batch, outcome);
      if (settings.bisect && batch.length > 1) {
        const half = Math.ceil(batch.length / 2);
        // A split is not an attempt: a failing record has all its retries left once it is alone.
        await this.work(batch.slice(0, half), attempt);
        return this.work(batch.slice(half), attempt);
      }
      if (settings.retries >= 0 && attempt >= settings.retries) {
        return this.lane.giveUp({ batch, outcome, attempts: attempt + 1, condition: 'RetryAttemptsExhausted' });
      }
      await pause(context.options.retryDelay, signal);
    }
  }

  private noteDisorder(failed: readonly StreamRecord[], { requestId }: Outcome): void {
    const { context, consumer } = this.lane;
    for (const { sequence, disorder } of failed) {
      if (disorder === undefined) continue;
      context.logs.write(consumer.name, disorderNote(`change ${sequence}`, disorder), requestId);
    }
  }

  private async withoutTheOld(batch: readonly StreamRecord[], attempts: number): Promise<readonly StreamRecord[]> {
    const { settings, context, giveUp } = this.lane;
    if (settings.maximumAge < 0) return batch;
    const old = batch.filter(({ arrival }) => context.clock.since(arrival) > settings.maximumAge);
    if (old.length === 0) return batch;
    await giveUp({ batch: old, attempts, condition: 'RecordAgeExceeded' });
    return batch.filter((one) => !old.includes(one));
  }

  /** Waits while throttled; undefined at the end of the run. */
  private async invoke(batch: readonly StreamRecord[], final = false): Promise<Outcome | undefined> {
    const { consumer, signal } = this.lane;
    const items = batch.map((one) => one.event);
    const more = this.windowFields(batch, final);
    while (!signal.aborted) {
      try {
        const outcome = await consumer.work(items, more);
        if (this.window && !outcome.error)
          this.window.state = recordOf(parseJson(outcome.payload.toString())).state ?? {};
        return outcome;
      } catch (error) {
        if (!(error instanceof ThrottledError)) throw error;
        await pause(BACKOFF, signal);
      }
    }
    return undefined;
  }

  /** How many leading records are done. Those after the first failed one are retried with it. */
  private doneOf({ error, payload, requestId }: Outcome, batch: readonly StreamRecord[]): number {
    if (error) return 0;
    const { settings, context, consumer } = this.lane;
    if (!settings.partial) {
      const said = unaskedFailures(payload, 'records');
      if (said !== undefined) context.logs.write(consumer.name, said, requestId);
      return batch.length;
    }
    const sequences = batch.map(({ sequence }) => sequence);
    const answer = batchAnswer(payload, sequences);
    if (answer === 'done') return batch.length;
    return answer === 'failed' ? 0 : sequences.findIndex((sequence) => answer.has(sequence));
  }

  private windowFields(batch: readonly StreamRecord[], final: boolean): JsonObject {
    const { settings, context, shard } = this.lane;
    if (settings.tumblingWindow === 0) return {};
    const length = context.clock.milliseconds(settings.tumblingWindow);
    this.window ??= windowAt(batch[0]!.arrival, length);
    const { start, end, state } = this.window;
    return {
      window: { start: new Date(start).toISOString(), end: new Date(end).toISOString() },
      state,
      shardId: shard,
      eventSourceARN: settings.source,
      isFinalInvokeForWindow: final,
      isWindowTerminatedEarly: false,
    };
  }

  /** The final invocation of a window has its state and no records. */
  private async closeWindow(): Promise<void> {
    if (!this.window || Date.now() < this.window.end) return;
    await this.invoke([], true);
    this.window = undefined;
  }
}
