import type { CodecStores, Writing } from './codec';
import type { EventShape } from './types';

/** From the construct's variables: where the parts of an event are stored. */
export function codecStores(name: string): CodecStores {
  return { keys: process.env[`${name}_KEYS`], bucket: process.env[`${name}_BUCKET`] };
}

/** From the construct's variables: how events are written. */
export function writingOf<Event extends EventShape>(name: string, subject?: Writing<Event>['subject']): Writing<Event> {
  const personal = JSON.parse(process.env[`${name}_PERSONAL`] ?? '{}') as Record<string, string[]>;
  const limit = Number(process.env[`${name}_LIMIT`] ?? Infinity);
  return { personal, limit, subject: subject ?? ((_, id) => id) };
}
