/** An object of JSON whose names are not known. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a value is an object of JSON: neither a list nor null. */
export function isRecord(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object of JSON that a value is; an empty one for anything else. */
export function recordOf(value: unknown): JsonObject {
  return isRecord(value) ? value : {};
}

/** A value as a list: empty for undefined or null, of one item for anything else that is not a list. */
export function asList(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** Whether a value is an object that a program has written out between braces: no instance of a class. */
export function isLiteral(value: unknown): value is JsonObject {
  return isRecord(value) && [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null);
}

/** Whether an object is a construct, and not a literal with a member that is named `node`. */
export function isConstruct(value: object): boolean {
  return 'node' in value && isRecord(value.node) && !isLiteral(value.node);
}
