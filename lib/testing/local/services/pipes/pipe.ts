import type { Deployed } from '../../kernel/deployment';
import type { Consumer, EventSource, Poller } from '../../kernel/event-source';
import { isQueue, type PipeSettings } from './settings';

/** What a pipe is doing, as `DescribePipe` says it. */
export type PipeState = 'RUNNING' | 'STOPPED' | 'CREATE_FAILED' | 'START_FAILED';

/** A pipe of a template: what reads its source, and whether it runs. */
export class Pipe {
  /** When it was made, and when it was last started or stopped, in milliseconds. */
  readonly created = Date.now();
  modified = this.created;
  /** Why it does not run, where AWS or this run refuses it. */
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

  /** Resolves when the pipe runs: a stopped one keeps its place in a stream. */
  async running(): Promise<void> {
    while (!this.wanted) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  /** Says what reads its source, and begins if it is to run. */
  async use(source: EventSource, consumer: Consumer): Promise<void> {
    this.reader = { source, consumer };
    if (this.wanted) await this.read();
  }

  /** Goes on, where it stopped. */
  async start(): Promise<void> {
    this.wanted = true;
    this.modified = Date.now();
    for (const resume of this.waiting.splice(0)) resume();
    await this.read();
  }

  /** Reads no more; what it has begun comes to its end. */
  async stop(): Promise<void> {
    this.wanted = false;
    this.modified = Date.now();
    if (isQueue(this.settings.source)) await this.end();
  }

  /** What is still to be worked on. */
  async pending(): Promise<string | undefined> {
    return this.wanted ? this.poller?.pending() : undefined;
  }

  /** Ends with the run. */
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
