import type { Places, Writing } from './codec';
import type { EventShape } from './types';

/** What the construct's variables say of a store: where the parts of an event are kept. */
export function placesOf(name: string): Places {
  return { keys: process.env[`${name}_KEYS`], bucket: process.env[`${name}_BUCKET`] };
}

/** What the construct's variables say of a store: what becomes of an event that is stored. */
export function writingOf<Event extends EventShape>(name: string, subject?: Writing<Event>['subject']): Writing<Event> {
  const personal = JSON.parse(process.env[`${name}_PERSONAL`] ?? '{}') as Record<string, string[]>;
  const limit = Number(process.env[`${name}_LIMIT`] ?? Infinity);
  return { personal, limit, subject: subject ?? ((_, id) => id) };
}
