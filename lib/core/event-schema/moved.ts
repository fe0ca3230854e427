import { isRecord } from '../record';
import type { JsonSchema } from './json-schema';

/** A schema at its place in a document: what it refers to within itself is below that place. */
export function movedTo(schema: JsonSchema, place: string): unknown {
  // An id of its own would make references relative to itself.
  const { $id: id, ...rest } = schema;
  const moved = (reference: string) => {
    const own = typeof id === 'string' && reference.startsWith(`${id}#`) ? reference.slice(id.length) : reference;
    return own.startsWith('#') ? `${place}${own.slice(1)}` : reference;
  };
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (!isRecord(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) =>
        name === '$ref' && typeof one === 'string' ? [name, moved(one)] : [name, walk(one)],
      ),
    );
  };
  return walk(rest);
}
