import { randomBytes } from 'node:crypto';
import { type Backend, ConnectionRefused } from '../wire/backend';
import { type AuthenticatedClient, internal, rejectClient } from '../wire/gate';
import { message, type Message, textIn } from '../wire/messages';
import type { ConnectionPool, PoolKey } from './connection-pool';
import { whyPinned } from './pinning';

/** Events of a session. */
export interface SessionEvents {
  /** A statement pinned the session to its database connection. */
  pinned(sql: string, reason: string): void;
  /** The session became idle: no open transaction, no pending query. */
  rested(): void;
  ended(): void;
}

/** A client session of a proxy: borrows a database connection per transaction, and keeps it once pinned. */
export class PooledSession {
  /** The cancellation key; a proxy ignores cancel requests. */
  private readonly key = randomBytes(8);
  /** When the client last sent something, in milliseconds since the epoch. */
  heard = Date.now();
  private backend: Backend | undefined;
  private queue: Buffer[] = [];
  private borrowing = false;
  private pinnedBy: string | undefined;
  /** The number of "ready" responses still to come. */
  private unanswered = 0;
  /** Whether messages were sent without a Sync so far. */
  private open = false;
  private status = 'I';
  private over = false;

  /**
   * @param guest the client
   * @param key which connections it borrows
   * @param pool the pool that lends them
   * @param events its event handlers
   */
  constructor(
    private readonly guest: AuthenticatedClient,
    private readonly poolKey: PoolKey,
    private readonly pool: ConnectionPool,
    private readonly events: SessionEvents,
  ) {}

  /** Starts the session. @param parameters the server's parameter status messages */
  begin(parameters: readonly Buffer[]): void {
    const { socket, reader } = this.guest;
    socket.on('data', (chunk: Buffer) => reader.push(chunk).forEach((one) => this.fromClient(one)));
    socket.on('close', () => this.end());
    socket.write(Buffer.concat([...parameters, message('K', this.key), message('Z', Buffer.from('I'))]));
  }

  /** Whether it is pinned to its database connection. */
  get isPinned(): boolean {
    return this.pinnedBy !== undefined;
  }

  /** Whether no transaction is open and no query pending. */
  get isIdle(): boolean {
    return !this.over && this.status === 'I' && this.unanswered === 0 && this.queue.length === 0 && !this.open;
  }

  /** Closes the client's connection. */
  close(): void {
    this.guest.socket.end();
    this.end();
  }

  private fromClient(one: Message): void {
    this.heard = Date.now();
    if (one.type === 'X') return this.close();
    if (one.type === 'Q') this.look(textIn(one.body));
    if (one.type === 'P') this.lookAtParse(one.body);
    const asks = 'QSF'.includes(one.type);
    if (asks) this.unanswered++;
    // COPY data belongs to the query already sent.
    if (!'dcf'.includes(one.type)) this.open = !asks;
    this.queue.push(one.bytes);
    this.pump();
  }

  /** Named prepared statements live in the database connection and pin; unnamed ones do not. */
  private lookAtParse(body: Buffer): void {
    const name = textIn(body);
    const sql = textIn(body, Buffer.byteLength(name) + 1);
    if (name !== '') this.pin(sql, `it prepares the statement '${name}'`);
    else this.look(sql);
  }

  private look(sql: string): void {
    const reason = whyPinned(sql);
    if (reason !== undefined) this.pin(sql, reason);
  }

  private pin(sql: string, reason: string): void {
    if (this.pinnedBy !== undefined) return;
    this.pinnedBy = reason;
    this.events.pinned(sql, reason);
  }

  private pump(): void {
    const { backend } = this;
    if (!backend) return this.borrow();
    const sent = this.queue;
    this.queue = [];
    if (sent.length > 0) backend.send(Buffer.concat(sent));
  }

  private borrow(): void {
    if (this.borrowing) return;
    this.borrowing = true;
    this.pool.borrow(this.poolKey).then(
      (backend) => {
        this.borrowing = false;
        if (this.over) return this.pool.giveBack(backend);
        this.attach(backend);
        this.pump();
      },
      (error: unknown) => {
        this.borrowing = false;
        const refused = error instanceof ConnectionRefused ? error.error : internal(error);
        if (!this.over) rejectClient(this.guest.socket, refused);
        this.end();
      },
    );
  }

  private attach(backend: Backend): void {
    this.backend = backend;
    const forget = backend.onEnd;
    backend.onMessage = (one) => this.fromServer(one);
    backend.onEnd = () => {
      forget();
      this.close();
    };
  }

  private fromServer(one: Message): void {
    this.guest.socket.write(one.bytes);
    if (one.type !== 'Z') return;
    this.unanswered--;
    this.status = String.fromCharCode(one.body[0]!);
    if (!this.isIdle) return;
    if (!this.isPinned) this.release();
    this.events.rested();
  }

  private release(): void {
    const { backend, pool } = this;
    if (!backend) return;
    this.backend = undefined;
    backend.onMessage = () => undefined;
    backend.onEnd = () => pool.drop(backend);
    pool.giveBack(backend);
  }

  /** A connection with leftover session state is closed along with the session. */
  private end(): void {
    if (this.over) return;
    this.over = true;
    const { backend } = this;
    this.backend = undefined;
    if (backend) {
      backend.onEnd = () => undefined;
      this.pool.drop(backend);
    }
    this.events.ended();
  }
}
