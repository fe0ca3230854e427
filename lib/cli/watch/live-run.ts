import { readToRun } from '../../testing/local/kernel/read-to-run';
import { LocalRun } from '../../testing/local/local-run';
import type { LocalRunOptions } from '../../testing/local/options';

/** How long invocations have to finish when the stacks change, in milliseconds. */
const DRAIN = 10_000;

/** A run that is replaced by a new one when the stacks change, with the same data and ports. */
export class LiveRun {
  /**
   * Starts it.
   * @param options with a directory for the data
   * @throws LocalRunError, ReadError as `runLocally`
   */
  static async start(place: string, options: LocalRunOptions & { readonly data: string }): Promise<LiveRun> {
    return new LiveRun(place, options, await begin(place, options));
  }

  private constructor(
    private place: string,
    private readonly options: LocalRunOptions,
    private run: LocalRun,
  ) {}

  /** The current run. */
  get current(): LocalRun {
    return this.run;
  }

  /**
   * Runs other stacks, or changed ones.
   * @throws LocalRunError, ReadError if they cannot be run; the previous ones keep running
   */
  async replace(place: string): Promise<void> {
    // A template that cannot be read must not end the current run.
    readToRun(place, this.options);
    const ports = new Map(
      Object.entries(this.run.urls).map(([name, url]) => [name, Number(new URL(url).port)] as const),
    );
    const endpointPort = Number(new URL(this.run.clientConfig.endpoint).port);
    const options = { ...this.options, endpointPort, port: [] };
    await this.run.invocationsEnd({ timeout: DRAIN });
    await this.run.stop();
    try {
      this.run = await begin(place, options, ports);
      this.place = place;
    } catch (error) {
      this.run = await begin(this.place, options, ports);
      throw error;
    }
  }

  /** Stops it. */
  stop(): Promise<void> {
    return this.run.stop();
  }
}

function begin(place: string, options: LocalRunOptions, ports?: ReadonlyMap<string, number>): Promise<LocalRun> {
  const { directory, model } = readToRun(place, options);
  return LocalRun.start(directory, model, options, ports);
}
