import { type Backend, ConnectionRefused } from '../wire/backend';
import type { PostgresError } from '../wire/messages';

/** As RDS Proxy says it when no connection became free within the borrow timeout. */
const TIMED_OUT: PostgresError = {
  severity: 'FATAL',
  code: '53300',
  text: 'Timed-out waiting to acquire database connection',
};

/** Whose connections: one user's, to one database, of one kind of endpoint. */
export interface PoolKey {
  readonly user: string;
  readonly database: string;
  readonly readOnly: boolean;
}

/** How a pool is made. */
export interface PoolSettings {
  /** Connections to the database at most, over all users. */
  readonly limit: number;
  /** How long somebody waits for one, in milliseconds. */
  readonly borrowTimeout: number;
  /** Opens one. @throws ConnectionRefused */
  readonly open: (key: PoolKey) => Promise<Backend>;
}

interface Waiter {
  readonly key: PoolKey;
  readonly resolve: (backend: Backend) => void;
  readonly reject: (error: unknown) => void;
  readonly timer: NodeJS.Timeout;
}

/** How a pool has been used. */
export interface PoolUse {
  /** Connections to the database at this moment. */
  readonly connections: number;
  /** The most at one time. */
  readonly peak: number;
  /** How often nobody gave one back in time. */
  readonly timeouts: number;
}

/** The connections of a proxy to its database: lent for a transaction, and kept apart by user and database. */
export class ConnectionPool {
  private readonly idle = new Map<string, Backend[]>();
  private readonly keys = new Map<Backend, string>();
  private waiting: Waiter[] = [];
  private opening = 0;
  private peak = 0;
  private timeouts = 0;

  /** @param settings how it is made */
  constructor(private readonly settings: PoolSettings) {}

  get use(): PoolUse {
    return { connections: this.count, peak: this.peak, timeouts: this.timeouts };
  }

  /**
   * A connection for one transaction.
   * @throws ConnectionRefused when none becomes free in time, or the database makes none
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

  /** Gives one back: nothing of its user is left in it. */
  giveBack(backend: Backend): void {
    const key = this.keys.get(backend);
    if (key === undefined || !backend.alive) return this.drop(backend);
    const idle = this.idle.get(key) ?? [];
    idle.push(backend);
    this.idle.set(key, idle);
    this.serve();
  }

  /** Ends one: something of its user may be left in it. */
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

  /** In the order in which they came, whoever can be served. */
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

  /** Makes room: another user's idle connection is of no use to this one. */
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
