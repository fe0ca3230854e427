import { asList, isRecord, type JsonObject } from '../../../core/record';

export { parseJson } from '../../../core/parse-json';
export { asList, isRecord, type JsonObject, recordOf } from '../../../core/record';

/** The objects in a list. */
export function records(value: unknown): readonly JsonObject[] {
  return asList(value).filter(isRecord);
}

/** The text that a value is, numbers and booleans included; undefined for anything else. */
export function text(value: unknown): string | undefined {
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : undefined;
}

/** The texts in a list. */
export function texts(value: unknown): readonly string[] {
  return asList(value)
    .map(text)
    .filter((item) => item !== undefined);
}

/** The number that a value is or spells; undefined for anything else. */
export function number(value: unknown): number | undefined {
  const read = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof read === 'number' && Number.isFinite(read) ? read : undefined;
}
