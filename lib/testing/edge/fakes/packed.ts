import { types } from 'node:util';

/** A value passed between a Worker and the test: JSON, with tagged values for what JSON lacks. */
export type Packed = unknown;

/** Whether a value is pure data, without methods. */
export function isData(value: unknown): boolean {
  if (typeof value === 'function') return false;
  if (typeof value !== 'object' || value === null || isAtom(value)) return true;
  if (types.isMap(value)) return [...value].every(isData);
  if (types.isSet(value)) return [...value].every(isData);
  if (Array.isArray(value)) return value.every(isData);
  const proto = Object.getPrototypeOf(value) as object | null;
  const isPlain = proto === null || Object.getPrototypeOf(proto) === null;
  return isPlain && Object.values(value).every(isData);
}

function isAtom(value: object): boolean {
  return (
    types.isDate(value) || types.isAnyArrayBuffer(value) || ArrayBuffer.isView(value) || types.isNativeError(value)
  );
}

/** Packs data, without methods. */
export function pack(value: unknown): Packed {
  if (value === undefined || typeof value === 'function') return { $: 'undefined' };
  if (typeof value === 'bigint') return { $: 'bigint', value: String(value) };
  if (typeof value !== 'object' || value === null) return value;
  if (types.isDate(value)) return { $: 'date', value: value.getTime() };
  if (types.isAnyArrayBuffer(value)) return { $: 'buffer', value: Buffer.from(value).toString('base64') };
  if (ArrayBuffer.isView(value)) {
    return { $: 'bytes', value: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64') };
  }
  if (types.isNativeError(value)) return { $: 'error', name: value.name, message: value.message };
  if (Array.isArray(value)) return value.map(pack);
  if (types.isMap(value)) return { $: 'map', value: pack([...value]) };
  if (types.isSet(value)) return { $: 'set', value: pack([...value]) };
  return { $: 'object', value: packEach(value) };
}

function packEach(value: object): Packed {
  const data = Object.entries(value).filter(([, one]) => typeof one !== 'function');
  return Object.fromEntries(data.map(([name, one]) => [name, pack(one)]));
}

/** Unpacks a value from a Worker. */
export function unpack(packed: Packed): unknown {
  if (Array.isArray(packed)) return packed.map(unpack);
  if (typeof packed !== 'object' || packed === null) return packed;
  const { $, value, ...rest } = packed as Readonly<Record<string, string>>;
  const bytes = () => new Uint8Array(Buffer.from(value ?? '', 'base64'));
  switch ($) {
    case 'undefined':
      return undefined;
    case 'bigint':
      return BigInt(value!);
    case 'date':
      return new Date(Number(value));
    case 'bytes':
      return bytes();
    case 'buffer':
      return bytes().buffer;
    case 'stream':
      return new Blob([bytes()]).stream();
    case 'map':
      return new Map(unpack(value) as [unknown, unknown][]);
    case 'set':
      return new Set(unpack(value) as unknown[]);
    case 'error':
      return Object.assign(new Error(rest.message), { name: rest.name });
    case 'request': {
      const { url, method, headers } = rest as { url: string; method: string; headers: unknown };
      return new Request(url, { method, headers: headers as [string, string][], body: value ? bytes() : undefined });
    }
    default:
      return Object.fromEntries(Object.entries(Object(value) as object).map(([name, one]) => [name, unpack(one)]));
  }
}
