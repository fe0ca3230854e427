import type { ChatRoom } from './chat-room';

interface Env {
  readonly ROOMS: DurableObjectNamespace<ChatRoom>;
}

const ROOM = /^\/rooms\/([a-z0-9-]{1,40})\/(socket|messages)$/;
const NAME = /^[\p{L}\p{N} _-]{1,30}$/u;

/** Leads to the room: `/rooms/{name}/socket?name=Ann` opens a WebSocket, `/rooms/{name}/messages` reads what was said. */
export default {
  async fetch(request, { ROOMS }) {
    const { pathname, searchParams } = new URL(request.url);
    const [, name, what] = ROOM.exec(pathname) ?? [];
    if (name === undefined) return problem(404, 'there is no such page');
    const room = ROOMS.get(ROOMS.idFromName(name));
    if (what === 'messages') return Response.json(await room.recent());
    if (request.headers.get('upgrade') !== 'websocket') return problem(426, 'this is a WebSocket');
    if (!NAME.test(searchParams.get('name') ?? '')) return problem(400, "'name' must have 1 to 30 letters and digits");
    return room.fetch(request);
  },
} satisfies ExportedHandler<Env>;

function problem(status: number, title: string): Response {
  return Response.json({ status, title }, { status, headers: { 'content-type': 'application/problem+json' } });
}
