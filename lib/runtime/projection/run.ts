import { TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import type { Item } from '../event-store/items';
import { patiently, pause } from '../event-store/patience';
import { eventsAfter, MissingVersion } from '../event-store/reading';
import type { EventShape, Recorded } from '../event-store/types';
import type { Checkpoint } from './checkpoints';
import { Fault, guarded, invalid, Tampering } from './fault';
import { Models } from './models';
import { pagesAfter } from './pages';
import { ReplayRefused } from './replay-refused';
import type { ReadModelContext } from './context';

const ATTEMPTS = 3;

/** How a run starts. */
export interface Start {
  readonly aggregate: string;
  readonly checkpoint: Checkpoint;
  /** Its events in a batch; others are read. */
  readonly events?: ReadonlyMap<number, Item>;
  /** Starts over with the first event, and an empty model. */
  readonly reset: boolean;
  /** Writes each event separately. */
  readonly single: boolean;
}

/** Applies the events of one aggregate that its checkpoint lacks, in order, until someone else is found doing the same. */
export class Run<Event extends EventShape, Model extends object> {
  applied = 0;
  checkpoint: Checkpoint;
  private version: number;
  /** The current event. */
  private current = 0;
  private reset: boolean;
  private models: Models<Event, Model>;

  constructor(
    private readonly context: ReadModelContext<Event, Model>,
    private readonly start: Start,
  ) {
    this.checkpoint = start.checkpoint;
    this.reset = start.reset;
    this.version = start.reset ? 0 : (start.checkpoint.version ?? 0);
    this.models = this.nothing();
  }

  /** Applies what there is; what was applied before a fault is written. */
  async all(): Promise<Fault | undefined> {
    try {
      if (this.reset) await this.beginAnew();
      const { aggregate, events } = this.start;
      for await (const page of pagesAfter(this.context, aggregate, this.version, events)) {
        await this.page(page);
        // Commit along the way, so that a long run makes progress even if its function ends.
        if (!this.reset) await this.commit();
      }
      await this.commit();
      return undefined;
    } catch (error) {
      if (invalid(error) && this.start.single) return new Fault(this.current, error);
      if (error instanceof MissingVersion)
        return this.stop(new Fault(error.version, new Tampering(error.message), 'tampering'));
      if (error instanceof Fault) return this.stop(error);
      throw error;
    }
  }

  private async stop(fault: Fault): Promise<Fault> {
    // A rebuild that fails leaves the existing model.
    if (!this.reset) await this.commit();
    return fault;
  }

  private async page(items: readonly Item[]): Promise<void> {
    const { codec } = this.context;
    const ring = codec.ring();
    const parts = await Promise.all(items.map((item) => codec.fetch(item, ring)));
    for (const [index, item] of items.entries()) {
      const version = (this.current = Number(item.version?.N));
      const event = await guarded(version, () => codec.decode(item, parts[index]!));
      const keys = await guarded(version, () => this.keysOf(event));
      if (!(await this.apply(event, keys))) {
        await this.commit();
        await this.apply(event, keys);
      }
      this.version = version;
      if (this.start.single && !this.reset) await this.commit();
    }
  }

  private async apply(event: Recorded<Event>, keys: readonly string[]): Promise<boolean> {
    const read = await this.models.fetch(event, keys);
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.models.apply(event, keys, read);
      } catch (error) {
        if (attempt >= (this.context.options.attempts ?? ATTEMPTS)) throw new Fault(event.version, error);
        await pause(attempt);
      }
    }
  }

  /** Writes the models and the checkpoint, or neither. */
  private async commit(): Promise<void> {
    const { version, checkpoint } = this;
    if (version === checkpoint.version && !checkpoint.parked && !this.reset) return;
    if (version === 0 && checkpoint.version === undefined) return;
    const put = this.context.checkpoints.write(this.start.aggregate, checkpoint, { version });
    const items = [{ Put: put }, ...this.models.writes()];
    await patiently(() => this.context.client.send(new TransactWriteItemsCommand({ TransactItems: items })));
    this.applied += version - (this.reset ? 0 : (checkpoint.version ?? 0));
    this.reset = false;
    this.checkpoint = { version };
    this.models = this.nothing();
  }

  private keysOf(event: Recorded<Event>): readonly string[] {
    const { key, on, add } = this.context.options;
    const type = event.type as Event['type'];
    if (!on?.[type] && !add?.[type]) return [];
    const keys = [...new Set([key(event)].flat())];
    if (keys.some((one) => typeof one !== 'string' || one === '')) {
      throw new TypeError(`'key' of ${type} must return strings, got ${JSON.stringify(keys)}`);
    }
    return keys;
  }

  private async beginAnew(): Promise<void> {
    const { client, events, codec, options } = this.context;
    const { aggregate } = this.start;
    const ring = codec.ring();
    if (options.add) throw new ReplayRefused(aggregate);
    for await (const page of eventsAfter(client, events, aggregate, 0)) {
      for (const item of page) {
        const event = await codec.read(item, ring);
        if (this.keysOf(event).some((key) => key !== aggregate)) throw new ReplayRefused(aggregate);
      }
    }
    await this.models.clear(aggregate);
  }

  private nothing(): Models<Event, Model> {
    const { client, model, options } = this.context;
    return new Models(client, model, options);
  }
}
