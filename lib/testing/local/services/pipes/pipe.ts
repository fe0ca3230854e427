import type { Deployed } from '../../kernel/deployment';
import type { Consumer, EventSource, Poller } from '../../kernel/event-source';
import { isQueue, type PipeSettings } from './settings';

/** The state of a pipe in `DescribePipe`. */
export type PipeState = 'RUNNING' | 'STOPPED' | 'CREATE_FAILED' | 'START_FAILED';

/** A template's pipe: its source's poller and its state. */
export class Pipe {
  /** Creation time and the time of the last start or stop, in milliseconds. */
  readonly created = Date.now();
  modified = this.created;
  /** Why it does not run, if AWS or the local run rejects it. */
  reason: string | undefined;
  private wanted: boolean;
  private poller: Poller | undefined;
  private reader: { readonly source: EventSource; readonly consumer: Consumer } | undefined;
  private readonly waiting: (() => void)[] = [];

  /** The resource and its settings. */
  constructor(
    readonly deployed: Deployed,
    readonly settings: PipeSettings,
  ) {
    this.wanted = settings.running;
  }

  get state(): PipeState {
    if (this.reason !== undefined) return 'CREATE_FAILED';
    return this.wanted ? 'RUNNING' : 'STOPPED';
  }

  /** Resolves once the pipe is running: a stopped pipe keeps its stream position. */
  async running(): Promise<void> {
    while (!this.wanted) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  /** Connects source and consumer, and starts the pipe if it should run. */
  async use(source: EventSource, consumer: Consumer): Promise<void> {
    this.reader = { source, consumer };
    if (this.wanted) await this.read();
  }

  /** Starts it, or resumes where it stopped. */
  async start(): Promise<void> {
    this.wanted = true;
    this.modified = Date.now();
    for (const resume of this.waiting.splice(0)) resume();
    await this.read();
  }

  /** Stops reading; batches in progress complete. */
  async stop(): Promise<void> {
    this.wanted = false;
    this.modified = Date.now();
    if (isQueue(this.settings.source)) await this.end();
  }

  /** Describes what is still to be processed. */
  async pending(): Promise<string | undefined> {
    return this.wanted ? this.poller?.pending() : undefined;
  }

  /** Shuts it down with the run. */
  async end(): Promise<void> {
    const poller = this.poller;
    this.poller = undefined;
    await poller?.stop();
  }

  private async read(): Promise<void> {
    if (this.poller || !this.reader) return;
    const { source, consumer } = this.reader;
    this.poller = source.poller(consumer, this.settings.reading);
    await this.poller.start();
  }
}
