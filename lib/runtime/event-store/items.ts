import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';

/** An item as DynamoDB has it. */
export type Item = Record<string, AttributeValue>;

/** Bytes of an item, which are 400 KB at most. Numbers count as one byte for two digits, and something each. */
export const MOST_BYTES = 400 * 1024;

/** What is undefined is left out; what DynamoDB cannot keep, such as a Date, is refused. */
export const toItem = (value: object): Item => marshall(value, { removeUndefinedValues: true });

/** What was kept. */
export const fromItem = (item: Item): Record<string, unknown> => unmarshall(item);

/**
 * Bytes of an item as DynamoDB counts them, never fewer.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function bytesOf(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + bytesOfValue(value), 0);
}

function bytesOfValue(value: AttributeValue): number {
  const sum = (values: readonly number[]): number => values.reduce((total, bytes) => total + bytes, 3);
  if (value.M) return bytesOf(value.M) + 3 + Object.keys(value.M).length;
  if (value.L) return sum(value.L.map((part) => bytesOfValue(part) + 1));
  if (value.N !== undefined) return Math.min(21, Math.ceil(value.N.length / 2) + 2);
  if (value.NS) return sum(value.NS.map((part) => Math.ceil(part.length / 2) + 2));
  if (value.SS) return sum(value.SS.map((part) => Buffer.byteLength(part)));
  if (value.BS) return sum(value.BS.map((part) => part.length));
  return value.S !== undefined ? Buffer.byteLength(value.S) : (value.B?.length ?? 1);
}

/**
 * JSON that gives back what was put in.
 * @throws TypeError for what JSON would change: a Set, a Date, bytes, NaN
 */
export function exactJson(value: unknown): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, name: string, part: unknown) {
    const raw = this[name];
    if (typeof raw === 'number' ? !Number.isFinite(raw) : !plain(raw)) {
      throw new TypeError(`'${name}' is nothing that JSON can keep`);
    }
    return part;
  });
}

function plain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return typeof value !== 'bigint';
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** In events of Lambda and in JSON, bytes are base64. */
export function withBytes(item: object): Item {
  return Object.fromEntries(Object.entries(item as Item).map(([name, value]) => [name, valueOf(value)]));
}

function valueOf(value: AttributeValue): AttributeValue {
  if (value.B !== undefined) return { B: Buffer.from(value.B as unknown as string, 'base64') };
  if (value.BS) return { BS: value.BS.map((part) => Buffer.from(part as unknown as string, 'base64')) };
  if (value.M) return { M: withBytes(value.M) };
  return value.L ? { L: value.L.map(valueOf) } : value;
}

/** As JSON, with bytes as base64. */
export function inBase64(value: object): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, name: string, part: unknown) {
    const raw = this[name];
    return raw instanceof Uint8Array ? Buffer.from(raw).toString('base64') : part;
  });
}
