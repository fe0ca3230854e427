import type { Miniflare } from 'miniflare';
import { LocalRunError } from '../local/errors';
import type { LocalGraph, LocalResource } from './local-graph';
import { OBSERVER } from './observer';

/** Tells the engine which Worker a request is for. */
const ROUTE = 'MF-Route-Override';

/** One row of a result. */
export type Row = Readonly<Record<string, unknown>>;

/** A request to a Worker, as `fetch` takes it, with what Cloudflare adds to it. */
export interface EdgeRequest extends RequestInit {
  /**
   * What Cloudflare knows of the client: `{ country: 'CH' }`.
   * @default - a client in Austin, Texas
   */
  readonly cf?: Readonly<Record<string, unknown>>;
}

/** A Worker of the run. */
export interface LocalWorker {
  /** Its address on 127.0.0.1, for any client, WebSockets included. */
  readonly url: string;
  /** Sends a request to a path, or to a whole address under which the Worker sees itself called. */
  fetch(pathOrUrl: string, request?: EdgeRequest): Promise<Response>;
  /**
   * Runs the `scheduled` handler.
   * @param cron the schedule that has come
   * @default - the first one in the program
   */
  scheduled(cron?: string, time?: Date): Promise<void>;
}

/** A queue of the run. */
export interface LocalQueue {
  /** Sends messages. */
  send(...bodies: readonly unknown[]): Promise<void>;
  /** What has arrived so far in a queue without a consumer, such as a dead-letter queue. */
  messages(): Promise<readonly unknown[]>;
}

/** A D1 database of the run. */
export interface LocalDatabase {
  /** Runs a query and gives its rows. */
  query(sql: string, ...parameters: readonly unknown[]): Promise<readonly Row[]>;
}

/** A KV namespace of the run. */
export interface LocalStore {
  /** The value of a key; undefined when there is none. */
  get(key: string): Promise<string | undefined>;
  /** Sets the value of a key. */
  put(key: string, value: string): Promise<void>;
}

/** An R2 bucket of the run. */
export interface LocalBucket {
  /** The content of an object; undefined when there is none. */
  get(key: string): Promise<Uint8Array | undefined>;
  /** Writes an object. */
  put(key: string, content: string | Uint8Array): Promise<void>;
  /** Deletes an object. */
  delete(key: string): Promise<void>;
}

/** What a run has besides the engine. */
export interface EdgeRunParts {
  /** The program, concrete. */
  readonly graph: LocalGraph;
  /** The runtime. */
  readonly engine: Miniflare;
  /** Addresses by the name of the Worker in the account. */
  readonly urls: ReadonlyMap<string, string>;
  /** What the run does not have. */
  readonly unmapped: readonly string[];
  /** Ends everything that the run started. */
  readonly stop: () => Promise<void>;
}

/**
 * A program that runs on this machine. Workers and resources go by the component's name (`ingest`), by their own
 * (`ingest-queue`), or by the name in the account.
 */
export class EdgeRun {
  /** What the program declares and the run does not have, each with where it is. */
  readonly unmapped: readonly string[];
  private stopped?: Promise<void>;

  constructor(private readonly parts: EdgeRunParts) {
    this.unmapped = parts.unmapped;
  }

  /** The names of the Workers' components. */
  get workers(): readonly string[] {
    return this.parts.graph.ofKind('WorkersScript').map(({ name, parent }) => parent ?? name);
  }

  /** A Worker. */
  worker(name: string): LocalWorker {
    const { engine, graph, urls } = this.parts;
    const scriptName = String(this.find('WorkersScript', name).inputs.scriptName);
    const url = urls.get(scriptName)!;
    return {
      url,
      fetch: async (pathOrUrl, request = {}) => {
        const headers = new Headers(request.headers);
        headers.set(ROUTE, scriptName);
        const { body } = request;
        // As a client says it over a network; without it a Worker cannot store the body as it comes.
        if (typeof body === 'string') headers.set('content-length', String(Buffer.byteLength(body)));
        if (body instanceof Uint8Array) headers.set('content-length', String(body.byteLength));
        const answer = await engine.dispatchFetch(new URL(pathOrUrl, url).href, {
          redirect: 'manual',
          ...request,
          headers: Object.fromEntries(headers),
        } as object);
        return answer as unknown as Response;
      },
      scheduled: async (cron, time = new Date()) => {
        const trigger = graph.ofKind('WorkersCronTrigger').find(({ inputs }) => inputs.scriptName === scriptName);
        const [first] = (trigger?.inputs.schedules ?? []) as { readonly cron: string }[];
        const worker = await engine.getWorker(scriptName);
        const { outcome } = await worker.scheduled({ cron: cron ?? first?.cron, scheduledTime: time });
        if (outcome !== 'ok') throw new LocalRunError(`the 'scheduled' handler of '${name}' ended with '${outcome}'`);
      },
    };
  }

  /** A queue: that of a component, or with `<component>-dead-letter-queue` where its failed messages go. */
  queue(name: string): LocalQueue {
    const queue = String(this.find('Queue', name).inputs.queueName);
    const { engine } = this.parts;
    return {
      send: async (...bodies) => {
        const producer = await engine.getQueueProducer(queue, OBSERVER);
        await producer.sendBatch(bodies.map((body) => ({ body })));
      },
      messages: async () => {
        const observer = await engine.getWorker(OBSERVER);
        const answer = await observer.fetch(`http://observer/?queue=${encodeURIComponent(queue)}`);
        return (await answer.json()) as readonly unknown[];
      },
    };
  }

  /** A D1 database. */
  database(name: string): LocalDatabase {
    const { path } = this.find('D1Database', name);
    return {
      query: async (sql, ...parameters) => {
        const database = await this.parts.engine.getD1Database(path, OBSERVER);
        const statement = database.prepare(sql);
        return (await (parameters.length > 0 ? statement.bind(...parameters) : statement).all<Row>()).results;
      },
    };
  }

  /** A KV namespace. */
  store(name: string): LocalStore {
    const { path } = this.find('WorkersKvNamespace', name);
    const namespace = () => this.parts.engine.getKVNamespace(path, OBSERVER);
    return {
      get: async (key) => (await (await namespace()).get(key)) ?? undefined,
      put: async (key, value) => (await namespace()).put(key, value),
    };
  }

  /** An R2 bucket. What is done to it here is told to queues as what a Worker does. */
  bucket(name: string): LocalBucket {
    const { path, inputs } = this.find('R2Bucket', name);
    const ask = async (method: string, key: string, content?: string | Uint8Array) => {
      const observer = await this.parts.engine.getWorker(OBSERVER);
      const url = `http://observer/?${new URLSearchParams({ bucket: path, key }).toString()}`;
      await observer.fetch(url, { method, body: content === undefined ? undefined : Buffer.from(content) });
    };
    return {
      get: async (key) => {
        const bucket = await this.parts.engine.getR2Bucket(`raw ${String(inputs.name)}`, OBSERVER);
        const object = await bucket.get(key);
        return object ? new Uint8Array(await object.arrayBuffer()) : undefined;
      },
      put: (key, content) => ask('PUT', key, content),
      delete: (key) => ask('DELETE', key),
    };
  }

  /** Ends everything that the run started. */
  async stop(): Promise<void> {
    await (this.stopped ??= this.parts.stop());
  }

  private find(kind: string, name: string): LocalResource {
    const all = this.parts.graph.ofKind(kind);
    const named = all.filter(({ path, name: own, inputs }) =>
      [path, own, inputs.scriptName, inputs.queueName, inputs.name, inputs.title].includes(name),
    );
    // A component's first one is the one it is about; a second (a dead-letter queue) goes by its own name.
    const suffix = { Queue: 'queue', D1Database: 'database', WorkersScript: 'worker' }[kind];
    const owned = all.filter(
      ({ parent, name: own }) => parent === name && (!suffix || own === `${lastOf(name)}-${suffix}`),
    );
    const found = named[0] ?? owned[0];
    if (found) return found;
    throw new LocalRunError(
      `there is no ${kind} '${name}'; there are ${all.map(({ path }) => `'${path}'`).join(', ') || 'none'}`,
    );
  }
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
