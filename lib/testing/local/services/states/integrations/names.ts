import { isRecord, type JsonRecord } from '../../../kernel/json';

/** `sendMessage` as services name it: `SendMessage`. */
export function capitalized(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

/** Names of fields as tasks write them, changed at every depth into those of a service's wire format. */
export function uncapitalizedFields(value: unknown): unknown {
  return renamed(value, (name) => `${name.charAt(0).toLowerCase()}${name.slice(1)}`);
}

/** Names of fields as a service's wire format has them, changed at every depth into those that tasks see. */
export function capitalizedFields(value: unknown): unknown {
  return renamed(value, capitalized);
}

/** Times, which a wire format has in seconds, as tasks see them. */
export function withTimes(body: JsonRecord): JsonRecord {
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) =>
      /(?:Date|Timestamp)$/.test(name) && typeof value === 'number'
        ? [name, new Date(value * 1000).toISOString()]
        : [name, value],
    ),
  );
}

function renamed(value: unknown, change: (name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => renamed(item, change));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [change(name), renamed(item, change)]));
}
