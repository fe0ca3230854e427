import { createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls';
import type { Certificate } from '../../../../engines/certificates';
import { messageOf } from '../../../kernel/errors';
import {
  authentication,
  CODES,
  errorMessage,
  MessageReader,
  parametersIn,
  type PostgresError,
  textIn,
} from './messages';

/** A client that has sent its startup message but is not authenticated yet. */
export interface StartupRequest {
  readonly user: string;
  readonly database: string;
  /** Its startup parameters, including `user` and `database`. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Whether it uses TLS. */
  readonly encrypted: boolean;
}

/** An authenticated client. */
export interface AuthenticatedClient {
  readonly startup: StartupRequest;
  readonly socket: Socket;
  /** Reads its messages. */
  readonly reader: MessageReader;
}

/** The server behind a gate. */
export interface Host {
  /** Why a client is rejected before the password prompt; undefined to proceed. */
  refuseStartup(startup: StartupRequest): PostgresError | undefined;
  /** Why a password is rejected; undefined if it is accepted. */
  authenticate(startup: StartupRequest, password: string): Promise<PostgresError | undefined>;
  /** Serves an authenticated client. */
  serve(guest: AuthenticatedClient): Promise<void> | void;
  /** Handles a cancel request. */
  cancel(): void;
}

/** Accepts connections like a PostgreSQL server, up to authentication: cleartext passwords, as RDS requests for tokens. */
export class Gate {
  private readonly server: Server;
  private readonly context: SecureContext;
  private readonly open = new Set<Socket>();

  /**
   * @param certificate the server's certificate
   * @param host the server behind it
   */
  constructor(
    certificate: Certificate,
    private readonly host: Host,
  ) {
    this.context = createSecureContext(certificate);
    this.server = createServer((socket) => this.receive(socket, false));
  }

  /** Starts listening on a free port. */
  listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(0, '127.0.0.1', resolve);
    });
  }

  get port(): number {
    const address = this.server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const socket of this.open) socket.destroy();
    await closed;
  }

  private receive(socket: Socket, encrypted: boolean): void {
    this.open.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('close', () => this.open.delete(socket));
    let came = Buffer.alloc(0);
    const take = (chunk: Buffer): void => {
      came = Buffer.concat([came, chunk]);
      if (came.length < 8 || came.length < came.readInt32BE(0)) return;
      socket.off('data', take);
      const first = came.subarray(0, came.readInt32BE(0));
      this.begin(socket, encrypted, { code: first.readInt32BE(4), body: first.subarray(8) });
    };
    socket.on('data', take);
  }

  private begin(
    socket: Socket,
    encrypted: boolean,
    { code, body }: { readonly code: number; readonly body: Buffer },
  ): void {
    switch (code) {
      case CODES.tls:
        if (encrypted) return void socket.destroy();
        socket.write('S');
        return this.receive(new TLSSocket(socket, { isServer: true, secureContext: this.context }), true);
      case CODES.gss:
        socket.write('N');
        return this.receive(socket, encrypted);
      case CODES.cancel:
        this.host.cancel();
        return void socket.end();
      default: {
        const parameters = parametersIn(body);
        const { user = '', database = user } = parameters;
        return this.query(socket, { user, database, parameters, encrypted });
      }
    }
  }

  private query(socket: Socket, startup: StartupRequest): void {
    const refused = this.host.refuseStartup(startup);
    if (refused) return rejectClient(socket, refused);
    const reader = new MessageReader();
    const take = (chunk: Buffer): void => {
      const [answer] = reader.push(chunk);
      if (answer === undefined) return;
      socket.off('data', take);
      socket.pause();
      if (answer.type !== 'p') return void socket.destroy();
      this.answer(socket, startup, textIn(answer.body)).catch((error: unknown) =>
        rejectClient(socket, internal(error)),
      );
    };
    socket.on('data', take);
    socket.write(authentication('cleartext'));
  }

  private async answer(socket: Socket, startup: StartupRequest, password: string): Promise<void> {
    const refused = await this.host.authenticate(startup, password);
    if (refused) return rejectClient(socket, refused);
    socket.write(authentication('ok'));
    await this.host.serve({ startup, socket, reader: new MessageReader() });
    socket.resume();
  }
}

/** A local-run failure as a PostgreSQL error. */
export function internal(error: unknown): PostgresError {
  return { severity: 'FATAL', code: 'XX000', text: `the local run itself failed here: ${messageOf(error)}` };
}

/** Sends a final error and closes the connection. */
export function rejectClient(socket: Socket, error: PostgresError): void {
  socket.end(errorMessage({ ...error, severity: 'FATAL' }));
}
