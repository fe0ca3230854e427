import { createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import type { Certificate } from '../../lib/testing/engines/certificates';

/** Speaks as much of MySQL's protocol as a client needs to sign in by a clear password, and answers OK to every query. */
export class FakeMysql {
  /** The passwords that came, whole. */
  readonly passwords: string[] = [];
  /** The queries that came: the number of the command, and its text. */
  readonly commands: string[] = [];
  /** Whether it says nothing any more to those who have signed in. */
  mute = false;
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  /** @param certificate without one, it offers no TLS */
  constructor(private readonly certificate?: Certificate) {
    this.server = createServer((socket) => {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.write(packet(0, greeting(certificate !== undefined)));
      this.read(socket, (payload, rest) => this.first(socket, payload, rest));
    });
  }

  listen(): Promise<void> {
    return new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  get port(): number {
    return (this.server.address() as { port: number }).port;
  }

  /** Closes every connection: as a proxy does it, or as one that knows nothing of it. */
  cut(how: 'close' | 'reset'): void {
    for (const socket of this.sockets) {
      if (how === 'close') socket.end();
      else socket.resetAndDestroy();
    }
    this.sockets.clear();
  }

  stop(): Promise<unknown> {
    for (const socket of this.sockets) socket.destroy();
    return new Promise((resolve) => this.server.close(resolve));
  }

  private first(socket: Socket, payload: Buffer, rest: Buffer): void {
    if (payload.length > 32 || !this.certificate) return this.ask(socket, 2);
    socket.removeAllListeners('data');
    // A client does not wait before it begins with TLS.
    socket.pause();
    socket.unshift(rest);
    const secureContext = createSecureContext(this.certificate);
    const secure = new TLSSocket(socket, { isServer: true, secureContext });
    secure.on('error', () => undefined);
    this.read(secure, () => this.ask(secure, 3));
  }

  private ask(socket: Socket, sequence: number): void {
    socket.removeAllListeners('data');
    this.read(socket, (payload) => {
      this.passwords.push(payload.toString().replace(/\0$/, ''));
      socket.write(packet(sequence + 2, OK));
      socket.removeAllListeners('data');
      this.read(socket, (command) => {
        this.commands.push(`${command[0]} ${command.subarray(1).toString()}`.trimEnd());
        if (this.mute) return;
        socket.write(packet(1, OK));
      });
    });
    socket.write(packet(sequence, Buffer.from('\xfemysql_clear_password\0\0', 'latin1')));
  }

  private read(socket: Socket, take: (payload: Buffer, rest: Buffer) => void): void {
    let came = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      came = Buffer.concat([came, chunk]);
      if (came.length < 4 || came.length < 4 + came.readUIntLE(0, 3)) return;
      const end = 4 + came.readUIntLE(0, 3);
      const [payload, rest] = [came.subarray(4, end), came.subarray(end)];
      came = Buffer.alloc(0);
      take(payload, rest);
    });
  }
}

const OK = Buffer.from([0, 0, 0, 2, 0, 0, 0]);

function packet(sequence: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUIntLE(payload.length, 0, 3);
  head[3] = sequence;
  return Buffer.concat([head, payload]);
}

function greeting(tls: boolean): Buffer {
  const capabilities = 0x200 | 0x8000 | 0x80000 | 8 | (tls ? 0x800 : 0);
  const body = Buffer.alloc(31);
  body.writeUInt32LE(1, 0);
  body.fill(1, 4, 12);
  body.writeUInt16LE(capabilities & 0xffff, 13);
  body[15] = 33;
  body.writeUInt16LE(2, 16);
  body.writeUInt16LE(capabilities >>> 16, 18);
  body[20] = 21;
  return Buffer.concat([Buffer.from('\n8.0.36\0'), body, Buffer.from(`${'a'.repeat(12)}\0caching_sha2_password\0`)]);
}
