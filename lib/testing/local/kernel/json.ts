import { isRecord, recordOf } from '../../../core/record';

export { isRecord, recordOf as record };

/** A JSON object with unknown content. */
export type JsonRecord = Readonly<Record<string, unknown>>;

/** A value as a list: empty for nothing, of one item for anything that is not a list. */
export function list(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** The objects in a list. */
export function records(value: unknown): readonly JsonRecord[] {
  return list(value).filter(isRecord);
}

/** The text that a value is, numbers and booleans included; undefined for anything else. */
export function text(value: unknown): string | undefined {
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : undefined;
}

/** The texts in a list. */
export function texts(value: unknown): readonly string[] {
  return list(value)
    .map(text)
    .filter((item) => item !== undefined);
}

/** The number that a value is or spells; undefined for anything else. */
export function number(value: unknown): number | undefined {
  const read = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof read === 'number' && Number.isFinite(read) ? read : undefined;
}

/** Parses JSON; undefined if the text is not JSON. */
export function parseJson(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    return undefined;
  }
}
