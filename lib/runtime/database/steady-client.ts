import { EventEmitter } from 'node:events';
import { isAnswered, LONG_REST, whatCame } from './rest';

/** What is used of a `pg` client. */
interface PgClient {
  connect(callback: (error?: Error) => void): void;
  connect(): Promise<unknown>;
  query(...args: unknown[]): unknown;
  end(callback?: () => void): unknown;
  on(event: string, listener: (...args: unknown[]) => void): unknown;
  getTransactionStatus(): string | null;
  unref(): void;
}

type PgClientClass = new (config: object) => PgClient;

/**
 * The client class in the settings, with which `new pg.Pool(...)` creates its connections. Nothing else uses it, so it needs no
 * types of `pg`.
 */
export type SteadyClientClass = new (...config: never[]) => never;

/** Whether a statement is a stream or cursor, which `pg` runs itself. */
const isSubmittable = (value: unknown) => typeof (value as { submit?: unknown } | undefined)?.submit === 'function';

/**
 * `pg` clients that survive a proxy closing idle connections: it does so after its idle timeout, and to every connection
 * after a day. A plain client then ends the process with an unhandled error, or fails the next statement.
 * This one notices before it sends a statement outside of a transaction, and reconnects, once. What was sent is
 * never sent again: it is unknown whether it was done.
 * @throws Error when `pg` is not installed
 */
export async function steadyClient(): Promise<SteadyClientClass> {
  const { Client } = await import('pg').catch(() => {
    throw new Error("'pg' is not installed: run 'npm install pg'");
  });
  return steady(Client as unknown as PgClientClass);
}

/** Such a client class derived from one of `pg`. */
function steady(Client: PgClientClass): SteadyClientClass {
  class SteadyClient extends EventEmitter {
    /** The current connection. */
    private inner: PgClient;
    private dead = false;
    private ended = false;
    private inFlight = 0;
    /** When something was last received, in milliseconds since the epoch. */
    private lastHeardAt = Date.now();
    private turn: Promise<void> = Promise.resolve();

    constructor(private readonly config: object) {
      super();
      this.inner = this.make();
      // Everything else is delegated to the current connection.
      return new Proxy(this, {
        get: (own, name) => {
          if (name in own) return Reflect.get(own, name, own) as unknown;
          const value = Reflect.get(own.inner, name, own.inner) as unknown;
          return typeof value === 'function' ? (value.bind(own.inner) as unknown) : value;
        },
      });
    }

    connect(callback?: (error?: Error) => void): unknown {
      return callback ? this.inner.connect(callback) : this.inner.connect();
    }

    query(...args: unknown[]): unknown {
      if (isSubmittable(args[0])) return this.inner.query(...args);
      const callback = typeof args.at(-1) === 'function' ? (args.pop() as (...result: unknown[]) => void) : undefined;
      const answer = this.send(args);
      if (!callback) return answer;
      answer.then(
        (result) => process.nextTick(callback, null, result),
        (error: unknown) => process.nextTick(callback, error),
      );
      return undefined;
    }

    end(callback?: () => void): unknown {
      this.ended = true;
      return this.inner.end(callback);
    }

    /** Statements are sent in the order in which they came. */
    private async send(args: readonly unknown[]): Promise<unknown> {
      const turn = this.turn.then(() => (this.inFlight === 0 ? this.reconnectIfClosed() : undefined));
      this.turn = turn.catch(() => undefined);
      await turn;
      this.inFlight++;
      try {
        return await this.inner.query(...args);
      } finally {
        this.inFlight--;
        this.lastHeardAt = Date.now();
      }
    }

    /** Replaces a dead connection, unless something open would be lost with it. */
    private async reconnectIfClosed(): Promise<void> {
      await whatCame();
      const { inner } = this;
      const idle = [null, 'I'].includes(inner.getTransactionStatus());
      if (!idle || this.ended) return;
      const isIdle = Date.now() - this.lastHeardAt >= LONG_REST;
      if (!this.dead && (!isIdle || (await isAnswered(() => inner.query('SELECT 1') as Promise<unknown>)))) return;
      const next = this.make();
      await next.connect();
      this.inner = next;
      this.dead = false;
      // Close an unresponsive one immediately, since it has an unanswered statement.
      inner.end();
    }

    private make(): PgClient {
      const client = new Client(this.config);
      const onClosed = () => {
        if (client !== this.inner) return;
        this.dead = true;
        if (this.ended) this.emit('end');
      };
      client.on('error', onClosed);
      client.on('end', onClosed);
      for (const event of ['notice', 'notification', 'drain']) {
        client.on(event, (...args: unknown[]) => this.emit(event, ...args));
      }
      return client;
    }
  }
  return SteadyClient as unknown as SteadyClientClass;
}
