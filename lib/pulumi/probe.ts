import { isDeepStrictEqual } from 'node:util';
import { replaceStandIns } from '../core/model/placeholder';
import { isRecord } from '../core/record';

/**
 * Tests what a callback does with a value known only at deployment, by passing a different string instead. If it only
 * carries the string along (into a longer string, a list, a document), the result is the same with the other string; if it cuts, compares or
 * computes, it is not, and its result would be that of the stand-in rather than of the value.
 */
const [OPEN, CLOSE] = ['\uF0A0', '\uF0A1'];

/** Resembles an ARN, a URL, a host and a path, so that anything looking for a part of one finds it. */
const TEXT = 'arn:aws:probe:xx-probe-1:000000000000:https://Probe.example.com/a-b/c_d?e=f&g#h@i,j|k';

/** A probe in a string, with the number of the placeholder it replaces. */
const EACH = new RegExp(`${escaped(TEXT)}${OPEN}(\\d+)${CLOSE}`, 'g');

/** The same value with a probe for each placeholder, and a function to put the placeholders back. */
export function probed(value: unknown): { readonly value: unknown; readonly back: (result: unknown) => unknown } {
  const written: string[] = [];
  const probeOf = (standIn: string): string => {
    const known = written.indexOf(standIn);
    return `${TEXT}${OPEN}${known < 0 ? written.push(standIn) - 1 : known}${CLOSE}`;
  };
  return {
    value: mapped(value, (text) => replaceStandIns(text, probeOf)),
    back: (result) =>
      mapped(result, (text) => text.replace(EACH, (_, number: string) => written[Number(number)] ?? '')),
  };
}

/** Whether a value contains a probe, which has leaked to where only the first run may write. */
export function holdsProbe(value: unknown): boolean {
  if (typeof value === 'string') return value.includes(OPEN) || value.includes(CLOSE) || value.includes('xx-probe-1');
  if (Array.isArray(value)) return value.some(holdsProbe);
  return isRecord(value) && Object.values(value).some(holdsProbe);
}

/** Whether a callback's result is the same, whatever string stands for the deployed value. */
export function isSameResult(result: unknown, ofProbe: unknown, back: (result: unknown) => unknown): boolean {
  return isDeepStrictEqual(plain(result), plain(back(ofProbe)));
}

/** A value with its strings replaced; anything else is left as it is. */
function mapped(value: unknown, replace: (text: string) => string): unknown {
  if (typeof value === 'string') return replace(value);
  if (Array.isArray(value)) return value.map((item) => mapped(item, replace));
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [replace(name), mapped(item, replace)]));
}

/** Whether a value is plain data, as opposed to a resource, an output, a function or a class instance. */
export function isPlain(value: unknown): value is Record<string, unknown> {
  if (!isRecord(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/** The comparable part of a value: resources and functions of two runs are never equal. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (isPlain(value)) return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item)]));
  return typeof value === 'object' || typeof value === 'function' ? typeof value : value;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
