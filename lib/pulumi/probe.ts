import { isDeepStrictEqual } from 'node:util';
import { replaceStandIns } from '../core/model/placeholder';
import { isRecord } from '../core/record';

/**
 * Tells what a callback does with a value that is known only at deployment: it is given another text in its place. What only
 * carries the text along (into a longer text, a list, a document) gives the same with the other text; what cuts, compares or
 * computes does not, and its result would be that of the stand-in, not of the value.
 */
const [OPEN, CLOSE] = ['\uF0A0', '\uF0A1'];

/** Something of an ARN, an address, a host and a path, so that whatever looks for a part of one finds it. */
const TEXT = 'arn:aws:probe:xx-probe-1:000000000000:https://Probe.example.com/a-b/c_d?e=f&g#h@i,j|k';

/** A probe in a text, by the number of what it stands for. */
const EACH = new RegExp(`${escaped(TEXT)}${OPEN}(\\d+)${CLOSE}`, 'g');

/** The same value with a probe for each stand-in, and what gives the stand-ins back. */
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

/** Whether a value has a trace of a probe in it, which came to a place where only the first run may write. */
export function holdsProbe(value: unknown): boolean {
  if (typeof value === 'string') return value.includes(OPEN) || value.includes(CLOSE) || value.includes('xx-probe-1');
  if (Array.isArray(value)) return value.some(holdsProbe);
  return isRecord(value) && Object.values(value).some(holdsProbe);
}

/** Whether the result of a callback is the same, whatever text stands for what only the deployment knows. */
export function isSameResult(result: unknown, ofProbe: unknown, back: (result: unknown) => unknown): boolean {
  return isDeepStrictEqual(plain(result), plain(back(ofProbe)));
}

/** A value with its texts replaced; what is neither data nor a text stays as it is. */
function mapped(value: unknown, replace: (text: string) => string): unknown {
  if (typeof value === 'string') return replace(value);
  if (Array.isArray(value)) return value.map((item) => mapped(item, replace));
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [replace(name), mapped(item, replace)]));
}

/** Whether a value is data, as opposed to a resource, an output, a function or an instance of a class. */
export function isPlain(value: unknown): value is Record<string, unknown> {
  if (!isRecord(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/** What can be compared of a value: made by two runs, resources and functions are never the same. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (isPlain(value)) return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item)]));
  return typeof value === 'object' || typeof value === 'function' ? typeof value : value;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
