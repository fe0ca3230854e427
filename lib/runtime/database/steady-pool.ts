import { connect, type Socket } from 'node:net';
import { isAnswered, LONG_REST, whatCame } from './rest';

/** What is used of a connection in a pool of `mysql2`. */
interface PooledConnection {
  /** When it was last given back, in milliseconds since the epoch. */
  readonly lastActiveTime: number;
  /** The stream of now: that of TLS, once it is there. */
  readonly stream: { readonly destroyed: boolean; readonly readableEnded: boolean; readonly writable: boolean };
  ping(callback: (error: Error | null) => void): void;
  destroy(): void;
  on(event: 'error', listener: () => void): void;
}

type Taken = (error: Error | null, connection?: PooledConnection) => void;

/** What is used of a pool of `mysql2`. */
interface MysqlPool {
  getConnection(taken: Taken): void;
  on(event: 'connection', listener: (connection: PooledConnection) => void): void;
}

/** What `mysql2` tells of a connection that it is about to open. */
export interface Opening {
  readonly config: { readonly host: string; readonly port: number; readonly pool?: object };
}

const steady = new WeakSet<object>();

/**
 * Opens connections of `mysql2`, whose pool is then one that survives what a proxy does to idle connections: it closes them after its idle
 * timeout, and every one after a day. A connection that is found dead when it is taken from the pool is replaced before a statement is
 * sent, once. What was sent is never sent again: nobody knows whether it was done.
 */
export function openSteadily({ config: { host, port, pool } }: Opening): Socket {
  if (pool !== undefined && !steady.has(pool)) {
    steady.add(pool);
    makeSteady(pool as MysqlPool);
  }
  // As `mysql2` opens them by itself.
  const socket = connect(port, host);
  socket.setNoDelay(true);
  socket.once('connect', () => socket.setKeepAlive(true));
  return socket;
}

function makeSteady(pool: MysqlPool): void {
  const take = pool.getConnection.bind(pool);
  pool.on('connection', (connection) => connection.on('error', () => undefined));
  pool.getConnection = (taken) => {
    const look: Taken = (error, connection) => {
      if (error || !connection) return taken(error, connection);
      isThere(connection).then((there) => {
        if (there) return taken(null, connection);
        connection.destroy();
        take(taken);
      }, taken);
    };
    whatCame().then(() => take(look), taken);
  };
}

async function isThere(connection: PooledConnection): Promise<boolean> {
  const { destroyed, readableEnded, writable } = connection.stream;
  if (destroyed || readableEnded || !writable) return false;
  return Date.now() - connection.lastActiveTime < LONG_REST || isAnswered(() => ping(connection));
}

function ping(connection: PooledConnection): Promise<void> {
  return new Promise((resolve, reject) => connection.ping((error) => (error ? reject(error) : resolve())));
}
