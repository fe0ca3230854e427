/** One row of a result. */
export type Row = Readonly<Record<string, unknown>>;

/** A request to a Worker, as for `fetch`, with Cloudflare's additions. */
export interface EdgeRequest extends RequestInit {
  /**
   * Cloudflare's data about the client: `{ country: 'CH' }`.
   * @default - a client in Austin, Texas
   */
  readonly cf?: Readonly<Record<string, unknown>>;
}

/** A Worker of the run. */
export interface LocalWorker {
  /** Its address on 127.0.0.1, for any client, WebSockets included. */
  readonly url: string;
  /**
   * Sends a request to a path, or to a full URL as the Worker sees it. A custom domain of another Worker of the program
   * reaches that one, as on Cloudflare.
   */
  fetch(pathOrUrl: string, request?: EdgeRequest): Promise<Response>;
}

/** A queue of the run. */
export interface LocalQueue {
  /** Sends messages. */
  send(...bodies: readonly unknown[]): Promise<void>;
  /** The messages so far in a queue without a consumer, such as a dead-letter queue. */
  messages(): Promise<readonly unknown[]>;
}

/** A D1 database of the run. */
export interface LocalDatabase {
  /** Runs a query and returns its rows. */
  query(sql: string, ...parameters: readonly unknown[]): Promise<readonly Row[]>;
}

/** A KV namespace of the run. */
export interface LocalStore {
  /** The value of a key; undefined if there is none. */
  get(key: string): Promise<string | undefined>;
  /** Sets the value of a key. */
  put(key: string, value: string): Promise<void>;
}

/** An R2 bucket of the run. */
export interface LocalBucket {
  /** The content of an object; undefined if there is none. */
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
   * Its namespace in the index.
   * @default - none
   */
  readonly namespace?: string;
  /** Its metadata. / @default - none */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** A vector index of the run. Writes become visible some seconds later: `run.idle()` waits for them. */
export interface LocalVectors {
  /** The vector with an id; undefined if there is none or it is not visible yet. */
  get(id: string): LocalVector | undefined;
  /** The visible ids, in order. */
  ids(): readonly string[];
}
