import { EdgeApi, EdgeRoom } from 'lintel/edge';

/** Chat rooms: one Durable Object per room, and a Worker that leads to them. */
export function chatRooms() {
  const rooms = new EdgeRoom('rooms', { handler: 'workers/chat-room.ts', className: 'ChatRoom' });

  const api = new EdgeApi('api', { handler: 'workers/api.ts', access: { ROOMS: rooms.connect() } });

  return { worker: api.worker.script.scriptName };
}
