import { SECRET_TEXT, UNKNOWN_TEXT } from '../core/model/graph';
import { hashOfFile, hashOfText } from './asset-hash';
import { WIRE } from './internals';
import { holdsProbe } from './probe';
import { isRecord } from '../core/record';

/** A decoded value of the SDK's protocol, as plain JSON with sorted names. */
export interface Decoded {
  /** The value; secrets and unknown values are replaced by their texts. */
  readonly value: unknown;
  /** Paths of the secrets in it, below the given path. */
  readonly secrets: readonly string[];
}

/** Options of decoding. */
export interface DecodeOptions {
  /** Called with every string inside a secret. */
  readonly onSecret: (text: string) => void;
  /** The graph's name of a resource, from its URN. */
  readonly resource: (urn: string) => string;
}

/** Decodes a value of the SDK's protocol. */
export function decode(wire: unknown, options: DecodeOptions): Decoded {
  const secrets: string[] = [];
  return { value: visit(wire, []), secrets };

  function visit(value: unknown, path: readonly string[]): unknown {
    if (value === WIRE.unknown || (typeof value === 'string' && holdsProbe(value))) return UNKNOWN_TEXT;
    if (Array.isArray(value)) return value.map((item, index) => visit(item, [...path, String(index)]));
    if (!isRecord(value)) return value;
    switch (value[WIRE.signature]) {
      case WIRE.secret:
        textsIn(value.value).forEach(options.onSecret);
        secrets.push(path.join('.'));
        return SECRET_TEXT;
      case WIRE.asset:
        return { asset: assetIdentity(value) };
      case WIRE.archive:
        return isRecord(value.assets)
          ? { archive: visit(value.assets, [...path, 'assets']) }
          : { archive: assetIdentity(value) };
      case WIRE.resource:
        return isReferenceById(value) ? visit(value.id, path) : { resource: options.resource(String(value.urn)) };
      default:
        return mapSorted(value, (item, name) => visit(item, [...path, name]));
    }
  }
}

/**
 * A protocol value for a provider that accepts no resources: a reference to one becomes its id, or a
 * component's URN.
 */
export function withoutResources(wire: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(visit);
    if (!isRecord(value)) return value;
    if (value[WIRE.signature] === WIRE.resource) return isReferenceById(value) ? value.id : value.urn;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, visit(item)]));
  };
  return visit(wire) as Record<string, unknown>;
}

function isReferenceById(value: Readonly<Record<string, unknown>>): boolean {
  return typeof value.id === 'string' && value.id !== '';
}

/** Marks the unknown result of a provider function. */
export const NO_RESULT = 'lintel:no-result';

/** All strings inside a protocol value, however wrapped; unknown values left out. */
export function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return value === WIRE.unknown || value === '' ? [] : [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([name, item]) => (name === WIRE.signature ? [] : textsIn(item)));
}

/** Marks a value as a secret, once. */
export function asSecret(value: unknown): unknown {
  return isRecord(value) && value[WIRE.signature] === WIRE.secret
    ? value
    : { [WIRE.signature]: WIRE.secret, value: value ?? null };
}

/** The same object with sorted names, and each value replaced. */
export function mapSorted(
  value: Readonly<Record<string, unknown>>,
  replace: (item: unknown, name: string) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((name) => [name, replace(value[name], name)]),
  );
}

/** An asset identified by content, so that a graph is the same on every machine; a remote one by URL. */
function assetIdentity(value: Record<string, unknown>): string {
  if (typeof value.uri === 'string') return value.uri;
  return typeof value.text === 'string' ? hashOfText(value.text) : hashOfFile(String(value.path));
}
