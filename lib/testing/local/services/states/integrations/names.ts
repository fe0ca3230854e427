import { isRecord, type JsonObject } from '../../../kernel/json';

/** `sendMessage` as in service APIs: `SendMessage`. */
export function capitalized(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

/** Converts field names, recursively, from tasks to the service's wire format. */
export function uncapitalizedFields(value: unknown): unknown {
  return renamed(value, (name) => `${name.charAt(0).toLowerCase()}${name.slice(1)}`);
}

/** Converts field names, recursively, from the service's wire format to tasks. */
export function capitalizedFields(value: unknown): unknown {
  return renamed(value, capitalized);
}

/** Converts times from seconds on the wire to the format of tasks. */
export function withTimes(body: JsonObject): JsonObject {
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
