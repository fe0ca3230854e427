import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';

/** A DynamoDB item. */
export type Item = Record<string, AttributeValue>;

/** Drops undefined values; refuses what DynamoDB cannot store, such as a Date. */
export const toItem = (value: object): Item => marshall(value, { removeUndefinedValues: true });

/** The stored object. */
export const fromItem = (item: Item): Record<string, unknown> => unmarshall(item);

/**
 * Size of an item as DynamoDB counts it, never less.
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
 * JSON that restores exactly what was put in.
 * @throws TypeError for values JSON would change: a Set, a Date, bytes, NaN
 */
export function exactJson(value: unknown): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, name: string, part: unknown) {
    const raw = this[name];
    if (typeof raw === 'number' ? !Number.isFinite(raw) : !plain(raw)) {
      throw new TypeError(`'${name}' cannot be represented in JSON`);
    }
    return part;
  });
}

function plain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return typeof value !== 'bigint';
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** In Lambda events and in JSON, bytes are base64. */
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
