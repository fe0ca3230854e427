import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { errorIn, type Message, MessageReader, type PostgresError, query, startup } from './messages';
import { ofReader, ReadOnlyFilter } from './read-only';

/** A connection that the database does not make. */
export class ConnectionRefused extends Error {
  /** @param error as the server says it */
  constructor(readonly error: PostgresError) {
    super(error.text);
  }
}

/** How a connection is used. */
export interface BackendUse {
  /**
   * Run at once, before anybody uses it.
   * @default - nothing
   */
  readonly first?: string | undefined;
  /**
   * Whether it is one to a reader, which refuses writes.
   * @default false
   */
  readonly readOnly?: boolean;
}

/** A connection to the database: one server process of PostgreSQL. */
export class Backend {
  /**
   * Connects.
   * @param path of the server's socket
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

  /** What the server said of itself at the start: `server_version` and others, as messages. */
  readonly parameters: Buffer[] = [];
  /** By which a client names it when it wants a query ended. */
  key: Buffer = Buffer.alloc(0);
  private gone = false;
  private readonly closed: (() => void)[] = [];

  private constructor(
    private readonly socket: Socket,
    private readonly filter: ReadOnlyFilter | undefined,
  ) {}

  /** Takes what the server sends. */
  onMessage: (message: Message) => void = () => undefined;
  /** Told when it is gone. */
  onEnd: () => void = () => undefined;

  /** Whether it is still there. */
  get alive(): boolean {
    return !this.gone;
  }

  /** Tells when it is gone, whoever uses it then. */
  whenClosed(tell: () => void): void {
    this.closed.push(tell);
  }

  send(bytes: Buffer): void {
    this.socket.write(this.filter?.pass(bytes) ?? bytes);
  }

  close(): void {
    this.socket.destroy();
  }

  /** Waits until the server takes the next query. */
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
