import { connect, type Socket } from 'node:net';

export interface EngineAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const HEAD_END = '\r\n\r\n';

/**
 * Calls one of our engines on 127.0.0.1 over keep-alive connections. It supports only the part of HTTP/1.1 that engines
 * use, at a quarter of the CPU of Node's own client: every call of a handler goes through here.
 */
export class EngineClient {
  private readonly free: Connection[] = [];

  /** @param port where the engine listens */
  constructor(private readonly port: number) {}

  /**
   * Posts a body.
   * @param headers other than those of the connection
   * @throws Error when the engine is gone, or its response is invalid
   */
  async post(path: string, headers: Readonly<Record<string, string>>, body: Buffer): Promise<EngineAnswer> {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const head = `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: ${body.length}\r\n${lines.join('')}\r\n`;
    const connection = this.take();
    const answer = await connection.exchange(head, body);
    if (connection.isOpen) this.free.push(connection);
    return answer;
  }

  close(): void {
    for (const connection of this.free.splice(0)) connection.close();
  }

  private take(): Connection {
    for (;;) {
      const connection = this.free.pop();
      if (connection === undefined) return new Connection(this.port);
      if (connection.isOpen) return connection;
    }
  }
}

interface Waiting {
  readonly resolve: (answer: EngineAnswer) => void;
  readonly reject: (error: Error) => void;
}

/** One connection, with one call at a time. */
class Connection {
  private readonly socket: Socket;
  private received: Buffer = Buffer.alloc(0);
  private waiting: Waiting | undefined;
  private open = true;

  constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.socket.on('data', (chunk: Buffer) => this.take(chunk));
    this.socket.on('error', (error) => this.fail(error));
    this.socket.on('close', () => this.fail(new Error('the engine closed the connection')));
  }

  /** Whether it takes another call. */
  get isOpen(): boolean {
    return this.open;
  }

  exchange(head: string, body: Buffer): Promise<EngineAnswer> {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      // Only a busy connection may keep the process alive.
      this.socket.ref();
      const bytes = Buffer.allocUnsafe(head.length + body.length);
      bytes.write(head, 'latin1');
      body.copy(bytes, head.length);
      this.socket.write(bytes);
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private take(chunk: Buffer): void {
    this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk]);
    try {
      const answer = answerOf(this.received);
      if (answer) this.settle(answer);
    } catch (error) {
      this.fail(error as Error);
      this.close();
    }
  }

  private settle(answer: EngineAnswer): void {
    const { waiting } = this;
    this.waiting = undefined;
    this.received = Buffer.alloc(0);
    this.socket.unref();
    if (answer.headers.connection?.toLowerCase() === 'close') {
      this.open = false;
      this.close();
    }
    waiting?.resolve(answer);
  }

  private fail(error: Error): void {
    this.open = false;
    const { waiting } = this;
    this.waiting = undefined;
    waiting?.reject(error);
  }
}

/**
 * A response; undefined while it is incomplete.
 * @throws Error for an invalid one
 */
function answerOf(bytes: Buffer): EngineAnswer | undefined {
  const end = bytes.indexOf(HEAD_END);
  if (end < 0) return undefined;
  const [first = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(first)?.[1]);
  if (Number.isNaN(status)) throw new Error(`the engine answered with '${first}'`);
  const headers = headersOf(lines);
  const body = bodyOf(bytes.subarray(end + HEAD_END.length), headers);
  return body && { status, headers, body };
}

function headersOf(lines: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  return headers;
}

function bodyOf(bytes: Buffer, headers: Readonly<Record<string, string>>): Buffer | undefined {
  if (headers['transfer-encoding']?.toLowerCase() === 'chunked') return chunksOf(bytes);
  const length = Number(headers['content-length']);
  if (Number.isNaN(length)) throw new Error('the engine answered without a length');
  return bytes.length < length ? undefined : bytes.subarray(0, length);
}

function chunksOf(bytes: Buffer): Buffer | undefined {
  const chunks: Buffer[] = [];
  for (let at = 0; ;) {
    const line = bytes.indexOf('\r\n', at);
    if (line < 0) return undefined;
    const size = Number.parseInt(bytes.toString('latin1', at, line), 16);
    if (Number.isNaN(size)) throw new Error('the engine answered with a chunk without a length');
    const start = line + 2;
    // After the last chunk there is an empty line; no engine sends trailers.
    if (bytes.length < start + size + 2) return undefined;
    if (size === 0) return Buffer.concat(chunks);
    chunks.push(bytes.subarray(start, start + size));
    at = start + size + 2;
  }
}
