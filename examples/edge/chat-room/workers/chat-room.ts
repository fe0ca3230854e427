import { DurableObject } from 'cloudflare:workers';
import { type Event, type Message, TEXT_LIMIT, textOf } from './message';

/** Messages that a client may send within `WINDOW` milliseconds. */
const BURST = 5;
const WINDOW = 2_000;
/** Messages that a newcomer sees. */
const RECENT = 50;
/** How long messages are kept, in milliseconds. */
const KEPT = 30 * 24 * 3_600_000;

/** What a socket remembers while the room sleeps. */
interface Guest {
  readonly name: string;
  /** When the client sent its last messages. */
  readonly sent: readonly number[];
}

/**
 * One room. Its sockets stay open while the object sleeps, so an idle room costs nothing; what was said is in its own
 * SQLite database, and goes after 30 days.
 */
export class ChatRoom extends DurableObject<object> {
  constructor(ctx: DurableObjectState, env: object) {
    super(ctx, env);
    ctx.storage.sql.exec(`
      CREATE TABLE IF NOT EXISTS messages (
        id INTEGER PRIMARY KEY AUTOINCREMENT, author TEXT NOT NULL, text TEXT NOT NULL, at INTEGER NOT NULL
      )`);
  }

  /** Takes in a client by a WebSocket. */
  override fetch(request: Request): Response {
    const name = new URL(request.url).searchParams.get('name')!;
    const { 0: client, 1: server } = new WebSocketPair();
    if (this.present().includes(name)) {
      server.accept();
      send(server, { type: 'refused', reason: `somebody called '${name}' is here already` });
      server.close(4409, 'name taken');
      return new Response(null, { status: 101, webSocket: client });
    }
    this.ctx.acceptWebSocket(server);
    server.serializeAttachment({ name, sent: [] } satisfies Guest);
    send(server, { type: 'history', messages: this.recent() });
    this.broadcast({ type: 'joined', who: name, present: this.present() });
    return new Response(null, { status: 101, webSocket: client });
  }

  /** What was said last, the oldest first. */
  recent(): Message[] {
    const rows = this.ctx.storage.sql.exec<{ id: number; author: string; text: string; at: number }>(
      'SELECT * FROM (SELECT * FROM messages ORDER BY id DESC LIMIT ?) ORDER BY id',
      RECENT,
    );
    return rows.toArray();
  }

  override async webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): Promise<void> {
    const text = textOf(data);
    if (text === undefined) {
      send(socket, { type: 'refused', reason: `send { "text": "..." } with 1 to ${TEXT_LIMIT} characters` });
      return;
    }
    const now = Date.now();
    const { name, sent } = guestOf(socket);
    const lately = sent.filter((at) => at > now - WINDOW);
    if (lately.length >= BURST) {
      send(socket, { type: 'refused', reason: 'you are too fast' });
      return;
    }
    socket.serializeAttachment({ name, sent: [...lately, now] } satisfies Guest);
    this.broadcast({ type: 'message', message: await this.keep(name, text, now) });
  }

  override webSocketClose(socket: WebSocket): void {
    const { name } = guestOf(socket);
    socket.close(1000);
    this.broadcast({ type: 'left', who: name, present: this.present().filter((other) => other !== name) }, socket);
  }

  /** Forgets what is too old, and comes back while there is anything left. */
  override async alarm(): Promise<void> {
    const { sql } = this.ctx.storage;
    sql.exec('DELETE FROM messages WHERE at <= ?', Date.now() - KEPT);
    const [oldest] = sql.exec<{ at: number }>('SELECT at FROM messages ORDER BY id LIMIT 1').toArray();
    if (oldest) await this.ctx.storage.setAlarm(oldest.at + KEPT);
  }

  private async keep(author: string, text: string, at: number): Promise<Message> {
    const { sql } = this.ctx.storage;
    const { id } = sql
      .exec<{ id: number }>('INSERT INTO messages (author, text, at) VALUES (?, ?, ?) RETURNING id', author, text, at)
      .one();
    if ((await this.ctx.storage.getAlarm()) === null) await this.ctx.storage.setAlarm(at + KEPT);
    return { id, author, text, at };
  }

  private present(): string[] {
    return this.ctx
      .getWebSockets()
      .map((socket) => guestOf(socket).name)
      .sort();
  }

  private broadcast(event: Event, except?: WebSocket): void {
    for (const socket of this.ctx.getWebSockets()) if (socket !== except) send(socket, event);
  }
}

function guestOf(socket: WebSocket): Guest {
  return socket.deserializeAttachment() as Guest;
}

/** Sends to a client that may have gone in this moment. */
function send(socket: WebSocket, event: Event): void {
  try {
    socket.send(JSON.stringify(event));
  } catch {
    socket.close();
  }
}
