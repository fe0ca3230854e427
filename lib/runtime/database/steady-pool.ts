import { connect, type Socket } from 'node:net';
import { isAnswered, LONG_REST, whatCame } from './rest';

/** What is used of a connection in a `mysql2` pool. */
interface PooledConnection {
  /** When it was last released, in milliseconds since the epoch. */
  readonly lastActiveTime: number;
  /** The current stream: that of TLS, once established. */
  readonly stream: { readonly destroyed: boolean; readonly readableEnded: boolean; readonly writable: boolean };
  ping(callback: (error: Error | null) => void): void;
  destroy(): void;
  on(event: 'error', listener: () => void): void;
}

type Taken = (error: Error | null, connection?: PooledConnection) => void;

/** What is used of a `mysql2` pool. */
interface MysqlPool {
  getConnection(taken: Taken): void;
  on(event: 'connection', listener: (connection: PooledConnection) => void): void;
}

/** What `mysql2` passes about a connection it is about to open. */
export interface Opening {
  readonly config: { readonly host: string; readonly port: number; readonly pool?: object };
}

const steady = new WeakSet<object>();

/**
 * Opens `mysql2` connections, whose pool then survives a proxy closing idle connections: it does so after its idle
 * timeout, and to every connection after a day. A connection found dead when taken from the pool is replaced before a statement is
 * sent, once. What was sent is never sent again: it is unknown whether it was done.
 */
export function openSteadily({ config: { host, port, pool } }: Opening): Socket {
  if (pool !== undefined && !steady.has(pool)) {
    steady.add(pool);
    makeSteady(pool as MysqlPool);
  }
  // As `mysql2` itself opens them.
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
