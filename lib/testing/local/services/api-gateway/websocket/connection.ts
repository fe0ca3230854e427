import { createHash, randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { webSocketDuration, webSocketIdleTimeout, webSocketMessageSize } from '../../../../../core/facts/api-gateway';
import type { Clock } from '../../../kernel/clock';
import { hangUp } from '../../../kernel/hang-up';
import type { JsonObject } from '../../../kernel/json';
import type { ApiRequest } from '../api-request';
import { CLOSE, closeFrame, FrameReader, pongFrame, textFrames } from './frames';

/** @see https://www.rfc-editor.org/rfc/rfc6455#section-1.3 */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** An id of a connection or message, as long as those of API Gateway: `L0SM9cOFvHcCIhw=`. */
export function newId(): string {
  return `${randomBytes(11).toString('base64url')}=`;
}

/** What happens on a connection. */
export interface ConnectionEvents {
  message(text: string): void;
  /** It has ended, with the code and reason that `$disconnect` is told. */
  end(code: number, reason: string): void;
}

/** A client of a WebSocket API. */
export class Connection {
  readonly id = newId();
  readonly connectedAt = Date.now();
  lastActiveAt = this.connectedAt;
  /** What the authorizer said of the client. */
  authorizer: JsonObject | undefined;
  /** Who signed its request, where IAM authorizes. */
  identity: JsonObject | undefined;
  private timers: NodeJS.Timeout[] = [];
  private events: ConnectionEvents | undefined;

  /** The request that asks for it, and its socket. */
  constructor(
    readonly request: ApiRequest,
    private readonly socket: Duplex,
    private readonly clock: Clock,
  ) {}

  /** Answers the handshake, and reads from now on. */
  accept(key: string, protocol: string | undefined, head: Buffer, events: ConnectionEvents): void {
    this.events = events;
    const accepted = createHash('sha1').update(`${key}${GUID}`).digest('base64');
    const lines = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade'];
    lines.push(
      `Sec-WebSocket-Accept: ${accepted}`,
      ...(protocol === undefined ? [] : [`Sec-WebSocket-Protocol: ${protocol}`]),
    );
    this.socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    const reader = new FrameReader(
      {
        message: (text) => {
          this.live();
          this.events?.message(text);
        },
        control: (ping) => {
          this.live();
          if (ping) this.write(pongFrame(ping));
        },
        close: (code = CLOSE.noStatus, reason) => {
          const said = code === CLOSE.noStatus ? 'Client-side close frame status not set' : reason;
          this.close(code, said);
        },
        fault: (code) => this.close(code),
      },
      webSocketMessageSize.value,
    );
    this.socket.on('data', (chunk: Buffer) => this.events && reader.push(chunk));
    this.socket.on('close', () => this.ended(CLOSE.abnormal, 'Connection closed abnormally'));
    this.limit(webSocketDuration.value);
    this.live();
    if (head.length > 0) reader.push(head);
    if (this.socket.destroyed) this.ended(CLOSE.abnormal, 'Connection closed abnormally');
  }

  /** Sends a message. */
  send(text: Buffer | string): void {
    this.live();
    this.write(textFrames(Buffer.from(text)));
  }

  /** Ends it. */
  close(code: number, reason = ''): void {
    hangUp(this.socket, closeFrame(code));
    this.ended(code, reason);
  }

  private write(frames: Buffer): void {
    if (this.events && !this.socket.destroyed) this.socket.write(frames);
  }

  private ended(code: number, reason: string): void {
    this.timers.forEach((timer) => clearTimeout(timer));
    const { events } = this;
    this.events = undefined;
    events?.end(code, reason);
  }

  private live(): void {
    this.lastActiveAt = Date.now();
    clearTimeout(this.timers[1]);
    this.limit(webSocketIdleTimeout.value, 1);
  }

  private limit(seconds: number, index = 0): void {
    if (!this.events) return;
    this.timers[index] = setTimeout(
      () => this.close(CLOSE.goingAway, 'Going away'),
      this.clock.milliseconds(seconds),
    ).unref();
  }
}
