import { callerOf, type Event, respond, type Result } from './http';
import { find } from './notes';

export async function handler(event: Event): Promise<Result> {
  const note = await find(callerOf(event), event.pathParameters?.id ?? '');
  return note ? respond(200, note) : respond(404, { problem: 'note not found' });
}
