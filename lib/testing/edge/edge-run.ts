import { setTimeout as sleep } from 'node:timers/promises';
import type { migrate } from '../../edge/d1/migrations';
import { statementsOf } from '../../edge/d1/statements';
import { LocalRunError } from '../local/kernel/errors';
import type { Unsupported } from '../local/kernel/unsupported';
import { workerOfDomain } from './doors';
import { findAmong, findResource } from './find-resource';
import type { LocalBucket, LocalDatabase, LocalQueue, LocalStore, LocalVectors, LocalWorker } from './handles';
import type { LocalGraph } from './local-graph';
import { type Observation, OBSERVER, OBSERVER_KEY } from './observer';
import { vectorResources, type VectorIndexes } from './vectors/vector-indexes';

/** The header that tells the engine which Worker a request is for. */
const ROUTE = 'MF-Route-Override';

/** Options for firing a schedule by hand. */
export interface FireOptions {
  /**
   * The scheduled time.
   * @default - now
   */
  readonly at?: Date;
  /**
   * Which of its schedules.
   * @default - the first one
   */
  readonly cron?: string;
}

/** How often a Worker ran. */
export interface WorkerCounts {
  /** Handler invocations: for a request, a batch, a schedule, an alarm. */
  readonly total: number;
  /** Failed invocations. */
  readonly failed: number;
}

/** The report of a run of Workers; JSON-serialisable. */
export interface EdgeRunReport {
  /** Version of this format. */
  readonly version: 1;
  /** By component, in the order of the program. */
  readonly workers: readonly { readonly worker: string; readonly invocations: WorkerCounts }[];
}

/** The part of Miniflare that a run uses; a program without Workers need not have its types. */
export interface WorkersEngine {
  /** A Worker, by its name in the account. */
  getWorker(name: string): Promise<{
    /** Runs its schedule. */
    scheduled(event: { readonly cron: string; readonly scheduledTime: Date }): Promise<{ readonly outcome: string }>;
  }>;
  /** Sends a request through the engine's own port. */
  dispatchFetch(url: string, init: object): Promise<unknown>;
}

/** The parts of a run. */
export interface EdgeRunParts {
  /** The program, concrete. */
  readonly graph: LocalGraph;
  /** The runtime. */
  readonly engine: WorkersEngine;
  /** The vector indexes. */
  readonly vectors: VectorIndexes;
  /** URLs by the Worker's name in the account. */
  readonly urls: ReadonlyMap<string, string>;
  /** The Workers that take requests for others, by the others' name in the account. */
  readonly entrances: ReadonlyMap<string, string>;
  /** The key that the observer requires. */
  readonly key: string;
  /** What the run does not support. */
  readonly unsupported: readonly Unsupported[];
  /** Stops everything that the run started. */
  readonly stop: () => Promise<void>;
}

/**
 * A program running on this machine. Workers and resources are found by the component's name (`ingest`), by their own
 * (`ingest-queue`), or by the name in the account.
 */
export class EdgeRun {
  /** What is not run: resources, and bindings of Workers. */
  readonly unsupported: readonly Unsupported[];
  private stopped?: Promise<void>;

  constructor(private readonly parts: EdgeRunParts) {
    this.unsupported = parts.unsupported;
  }

  /** The names of the Workers' components. */
  get workers(): readonly string[] {
    return this.parts.graph.ofKind('WorkersScript').map(({ name, parent }) => parent ?? name);
  }

  /** A Worker. */
  worker(name: string): LocalWorker {
    const { urls, entrances } = this.parts;
    const scriptName = String(findResource(this.parts.graph, 'WorkersScript', name).inputs.scriptName);
    const url = urls.get(scriptName)!;
    return {
      url,
      fetch: async (pathOrUrl, request = {}) => {
        const { body } = request;
        const headers = new Headers(request.headers);
        // As sent over a network; without it a Worker cannot store the body as a stream.
        if (typeof body === 'string') headers.set('content-length', String(Buffer.byteLength(body)));
        if (body instanceof Uint8Array) headers.set('content-length', String(body.byteLength));
        const address = new URL(pathOrUrl, url);
        const called = workerOfDomain(this.parts.graph, address.hostname) ?? scriptName;
        const entrance = entrances.get(called) ?? entrances.get(scriptName)!;
        return this.dispatch(entrance, address.href, { ...request, headers });
      },
    };
  }

  /**
   * Runs a schedule now: the `scheduled` handler of a Worker with a cron trigger.
   * @param name the component, the Worker or the trigger
   * @param options.at the scheduled time; now by default
   * @param options.cron which of its schedules; the first one by default
   * @throws LocalRunError when there is no such schedule, or the handler fails
   */
  async fire(name: string, { at = new Date(), cron }: FireOptions = {}): Promise<void> {
    const { engine, graph } = this.parts;
    const triggers = graph.ofKind('WorkersCronTrigger');
    const trigger =
      triggers.find((one) => [one.path, one.name, one.parent].includes(name)) ??
      triggers.find(({ inputs }) => inputs.scriptName === findResource(graph, 'WorkersScript', name).inputs.scriptName);
    const crons = ((trigger?.inputs.schedules ?? []) as { readonly cron: string }[]).map((one) => one.cron);
    const chosen = cron ?? crons[0];
    if (!trigger || chosen === undefined) throw new LocalRunError(`'${name}' has no schedule`);
    if (!crons.includes(chosen)) {
      throw new LocalRunError(`'${name}' has no schedule '${chosen}'; it has '${crons.join("', '")}'`);
    }
    const worker = await engine.getWorker(String(trigger.inputs.scriptName));
    const { outcome } = await worker.scheduled({ cron: chosen, scheduledTime: at });
    if (outcome !== 'ok') throw new LocalRunError(`the 'scheduled' handler of '${name}' ended with '${outcome}'`);
  }

  /** A queue: that of a component, or its dead-letter queue with `<component>-dead-letter-queue`. */
  queue(name: string): LocalQueue {
    const { path: binding, inputs } = findResource(this.parts.graph, 'Queue', name);
    return {
      send: (...bodies) => this.observe({ action: 'send', binding, bodies }),
      messages: () => this.observe({ action: 'messages', queue: String(inputs.queueName) }),
    };
  }

  /** A D1 database. */
  database(name: string): LocalDatabase {
    const { path: binding } = findResource(this.parts.graph, 'D1Database', name);
    return { query: (sql, ...parameters) => this.observe({ action: 'query', binding, sql, parameters }) };
  }

  /**
   * A D1 database for its migrations: each runs as one batch of statements, as on the platform.
   * @internal
   */
  migrationsOf(name: string): Parameters<typeof migrate>[0] {
    const { path: binding } = findResource(this.parts.graph, 'D1Database', name);
    return {
      query: async (sql) => [...(await this.database(name).query(sql))],
      apply: (sql) => this.observe({ action: 'batch', binding, statements: statementsOf(sql).map(({ text }) => text) }),
    };
  }

  /** A KV namespace. */
  store(name: string): LocalStore {
    const { path: binding } = findResource(this.parts.graph, 'WorkersKvNamespace', name);
    return {
      get: async (key) => (await this.observe<string | null>({ action: 'get', binding, key })) ?? undefined,
      put: (key, value) => this.observe({ action: 'put', binding, key, value }),
    };
  }

  /** An R2 bucket. Changes made here notify its queues, as a Worker's do. */
  bucket(name: string): LocalBucket {
    const { path: binding } = findResource(this.parts.graph, 'R2Bucket', name);
    return {
      get: async (key) => {
        const content = await this.observe<number[] | null>({ action: 'read', binding, key });
        return content ? Uint8Array.from(content) : undefined;
      },
      put: (key, content) => this.observe({ action: 'write', binding, key, content: [...Buffer.from(content)] }),
      delete: (key) => this.observe({ action: 'remove', binding, key }),
    };
  }

  /** A vector index, as visible by now. */
  vectors(name: string): LocalVectors {
    const index = this.parts.vectors.of(
      findAmong(vectorResources(this.parts.graph), this.parts.graph, 'VectorIndex', name),
    );
    return {
      get: (id) => index.seen.get(id),
      ids: () => [...index.seen.keys()].sort(),
    };
  }

  /**
   * Waits until queues with consumers have no message waiting, in progress or to be retried, and until writes to vector
   * indexes are visible. A Worker's other background work is not waited for: `waitUntil`, workflows, alarms, and
   * messages that were sent with a delay.
   * @param options.timeout in milliseconds, 10,000 by default
   * @throws LocalRunError when something is left; the message says what
   */
  async idle({ timeout = 10_000 }: { readonly timeout?: number } = {}): Promise<void> {
    const queues = this.parts.graph.ofKind('Queue').map(({ path }) => path);
    const deadline = Date.now() + timeout;
    // Twice in a row: the end of one batch may start another.
    for (let quiet = 0; quiet < 2;) {
      const messages = await this.observe<number>({ action: 'pending', queues });
      const changes = this.parts.vectors.pending();
      quiet = messages + changes === 0 ? quiet + 1 : 0;
      if (quiet === 0 && Date.now() > deadline) {
        const unseen = changes > 0 ? `, ${changes} changes of vectors that are not seen yet` : '';
        throw new LocalRunError(
          `not idle after ${timeout} ms: ${messages} messages or batches${unseen}; raise 'timeout', or 'timeScale'`,
        );
      }
      await sleep(10);
    }
  }

  /** How often each Worker ran, and failed; JSON-serialisable. A Worker's permissions are its bindings: see the program. */
  async report(): Promise<EdgeRunReport> {
    const counts = await this.observe<Readonly<Record<string, WorkerCounts>>>({ action: 'invocations' });
    const workers = this.parts.graph.ofKind('WorkersScript').map(({ name, parent, inputs }) => ({
      worker: parent ?? name,
      invocations: counts[String(inputs.scriptName)] ?? { total: 0, failed: 0 },
    }));
    return { version: 1, workers };
  }

  /** Stops everything that the run started. */
  async stop(): Promise<void> {
    await (this.stopped ??= this.parts.stop());
  }

  /** Sends a request to a Worker through the engine's own port. */
  private async dispatch(scriptName: string, url: string, request: RequestInit): Promise<Response> {
    const headers = new Headers(request.headers);
    headers.set(ROUTE, scriptName);
    const init = { redirect: 'manual', ...request, headers: Object.fromEntries(headers) };
    return (await this.parts.engine.dispatchFetch(url, init)) as Response;
  }

  private async observe<T>(observation: Observation): Promise<T> {
    const answer = await this.dispatch(OBSERVER, 'http://observer/', {
      method: 'POST',
      headers: { [OBSERVER_KEY]: this.parts.key },
      body: JSON.stringify(observation),
    });
    const { value, error } = (await answer.json()) as { readonly value: T; readonly error?: string };
    if (error !== undefined) throw new Error(error);
    return value;
  }
}
