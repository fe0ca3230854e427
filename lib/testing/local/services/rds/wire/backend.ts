import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { errorIn, type Message, MessageReader, type PostgresError, query, startup } from './messages';
import { ofReader, ReadOnlyFilter } from './read-only';

/** The database refused a connection. */
export class ConnectionRefused extends Error {
  /** @param error the server's error */
  constructor(readonly error: PostgresError) {
    super(error.text);
  }
}

/** How a connection is used. */
export interface BackendUse {
  /**
   * SQL to run before the connection is used.
   * @default - nothing
   */
  readonly first?: string | undefined;
  /**
   * Whether it is a reader connection, which rejects writes.
   * @default false
   */
  readonly readOnly?: boolean;
}

/** A connection to the database: one server process of PostgreSQL. */
export class Backend {
  /**
   * Connects.
   * @param path the server's socket
   * @param parameters of the startup message: `user` and `database`
   * @param use how it is used
   * @throws ConnectionRefused
   */
  static async open(
    path: string,
    parameters: Readonly<Record<string, string>>,
    { first, readOnly = false }: BackendUse = {},
  ): Promise<Backend> {
    const socket = connect(path);
    await once(socket, 'connect');
    const backend = new Backend(socket, readOnly ? new ReadOnlyFilter() : undefined);
    const ready = backend.ready();
    const reader = new MessageReader();
    socket.on('data', (chunk: Buffer) => reader.push(chunk).forEach((message) => backend.onMessage(message)));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      backend.gone = true;
      backend.onEnd();
      backend.closed.forEach((tell) => tell());
    });
    socket.write(startup(readOnly ? ofReader(parameters) : parameters));
    await ready;
    if (first !== undefined) {
      const done = backend.ready();
      backend.send(query(first));
      await done;
    }
    return backend;
  }

  /** The server's parameter status messages at startup: `server_version` and others. */
  readonly parameters: Buffer[] = [];
  /** The cancellation key. */
  key: Buffer = Buffer.alloc(0);
  private gone = false;
  private readonly closed: (() => void)[] = [];

  private constructor(
    private readonly socket: Socket,
    private readonly filter: ReadOnlyFilter | undefined,
  ) {}

  /** Called with each server message. */
  onMessage: (message: Message) => void = () => undefined;
  /** Called when the connection closes. */
  onEnd: () => void = () => undefined;

  /** Whether it is still open. */
  get alive(): boolean {
    return !this.gone;
  }

  /** Notifies when it closes, whoever is using it then. */
  whenClosed(tell: () => void): void {
    this.closed.push(tell);
  }

  send(bytes: Buffer): void {
    this.socket.write(this.filter?.pass(bytes) ?? bytes);
  }

  close(): void {
    this.socket.destroy();
  }

  /** Waits until the server is ready for the next query. */
  private ready(): Promise<void> {
    return new Promise((resolve, reject) => {
      const lost = { severity: 'FATAL', code: '08006', text: 'the database ended the connection' } as const;
      this.onEnd = () => reject(new ConnectionRefused(lost));
      this.onMessage = ({ type, body, bytes }) => {
        if (type === 'S') this.parameters.push(bytes);
        if (type === 'K') this.key = Buffer.from(body);
        if (type === 'E') {
          reject(new ConnectionRefused(errorIn(body)));
          this.socket.destroy();
        }
        if (type !== 'Z') return;
        this.onMessage = () => undefined;
        this.onEnd = () => undefined;
        resolve();
      };
    });
  }
}
