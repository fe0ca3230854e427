import { type Backend, ConnectionRefused } from '../wire/backend';
import type { PostgresError } from '../wire/messages';

/** RDS Proxy's error when the borrow timeout expires. */
const TIMED_OUT: PostgresError = {
  severity: 'FATAL',
  code: '53300',
  text: 'Timed-out waiting to acquire database connection',
};

/** Pooled connections are shared per user, database and kind of endpoint. */
export interface PoolKey {
  readonly user: string;
  readonly database: string;
  readonly readOnly: boolean;
}

/** Settings of a pool. */
export interface PoolSettings {
  /** Maximum database connections across all users. */
  readonly limit: number;
  /** The borrow timeout, in milliseconds. */
  readonly borrowTimeout: number;
  /** Opens a connection. @throws ConnectionRefused */
  readonly open: (key: PoolKey) => Promise<Backend>;
}

interface Waiter {
  readonly key: PoolKey;
  readonly resolve: (backend: Backend) => void;
  readonly reject: (error: unknown) => void;
  readonly timer: NodeJS.Timeout;
}

/** Usage of a pool. */
export interface PoolUse {
  /** Open connections to the database. */
  readonly connections: number;
  /** Peak number of connections. */
  readonly peak: number;
  /** How many times the borrow timeout expired. */
  readonly timeouts: number;
}

/** A proxy's database connections: lent per transaction, and separate per user and database. */
export class ConnectionPool {
  private readonly idle = new Map<string, Backend[]>();
  private readonly keys = new Map<Backend, string>();
  private waiting: Waiter[] = [];
  private opening = 0;
  private peak = 0;
  private timeouts = 0;

  /** @param settings its settings */
  constructor(private readonly settings: PoolSettings) {}

  get use(): PoolUse {
    return { connections: this.count, peak: this.peak, timeouts: this.timeouts };
  }

  /**
   * Borrows a connection for one transaction.
   * @throws ConnectionRefused when none becomes free in time, or the database refuses one
   */
  borrow(key: PoolKey): Promise<Backend> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting = this.waiting.filter((one) => one.timer !== timer);
        this.timeouts++;
        reject(new ConnectionRefused(TIMED_OUT));
      }, this.settings.borrowTimeout);
      this.waiting.push({ key, resolve, reject, timer });
      this.serve();
    });
  }

  /** Returns a connection free of session state. */
  giveBack(backend: Backend): void {
    const key = this.keys.get(backend);
    if (key === undefined || !backend.alive) return this.drop(backend);
    const idle = this.idle.get(key) ?? [];
    idle.push(backend);
    this.idle.set(key, idle);
    this.serve();
  }

  /** Closes a connection that may hold session state. */
  drop(backend: Backend): void {
    this.keys.delete(backend);
    for (const [key, idle] of this.idle)
      this.idle.set(
        key,
        idle.filter((one) => one !== backend),
      );
    backend.close();
    this.serve();
  }

  stop(): void {
    for (const { timer } of this.waiting) clearTimeout(timer);
    this.waiting = [];
    for (const backend of this.keys.keys()) backend.close();
  }

  private get count(): number {
    return this.keys.size + this.opening;
  }

  /** Serves waiting clients, first come first served where possible. */
  private serve(): void {
    for (const waiter of [...this.waiting]) {
      const idle = this.idle.get(nameOf(waiter.key)) ?? [];
      const backend = idle.pop();
      if (backend) this.hand(waiter, backend);
      else if (this.count < this.settings.limit) this.openFor(waiter);
      else {
        const closed = this.closeIdle();
        if (closed) this.openFor(waiter, closed);
      }
    }
  }

  private hand(waiter: Waiter, backend: Backend): void {
    clearTimeout(waiter.timer);
    this.waiting = this.waiting.filter((one) => one !== waiter);
    waiter.resolve(backend);
  }

  /** Makes room by closing an idle connection: it cannot serve another user. */
  private closeIdle(): Promise<void> | undefined {
    const found = [...this.idle.values()].find((idle) => idle.length > 0)?.pop();
    if (!found) return undefined;
    this.keys.delete(found);
    const closed = new Promise<void>((resolve) => found.whenClosed(resolve));
    found.close();
    return closed;
  }

  private openFor(waiter: Waiter, room: Promise<void> = Promise.resolve()): void {
    clearTimeout(waiter.timer);
    this.waiting = this.waiting.filter((one) => one !== waiter);
    this.opening++;
    this.peak = Math.max(this.peak, this.count);
    room
      .then(() => this.settings.open(waiter.key))
      .then(
        (backend) => {
          this.opening--;
          this.keys.set(backend, nameOf(waiter.key));
          backend.onEnd = () => this.drop(backend);
          waiter.resolve(backend);
        },
        (error: unknown) => {
          this.opening--;
          waiter.reject(error);
          this.serve();
        },
      );
  }
}

function nameOf({ user, database, readOnly }: PoolKey): string {
  return JSON.stringify([user, database, readOnly]);
}
