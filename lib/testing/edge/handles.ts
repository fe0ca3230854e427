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
  /**
   * Sends a request to a path, or to a whole address under which the Worker sees itself called. A custom domain of another
   * Worker of the program leads to that one, as on Cloudflare.
   */
  fetch(pathOrUrl: string, request?: EdgeRequest): Promise<Response>;
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

/** A vector of an index. */
export interface LocalVector {
  /** Unique in the index. */
  readonly id: string;
  /** 32-bit floats. */
  readonly values: readonly number[];
  /**
   * The part of the index that it is in.
   * @default - none
   */
  readonly namespace?: string;
  /**
   * What was written beside it.
   * @default - nothing
   */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** An index of vectors of the run. What was written is seen some seconds later: `run.idle()` waits for it. */
export interface LocalVectors {
  /** The vector with an id; undefined when there is none, or it is not seen yet. */
  get(id: string): LocalVector | undefined;
  /** The ids of those that are seen, in order. */
  ids(): readonly string[];
}
