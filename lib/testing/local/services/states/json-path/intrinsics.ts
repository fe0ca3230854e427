import { createHash, randomUUID } from 'node:crypto';
import { isRecord } from '../../../kernel/json';
import { StateFault } from '../engine/failure';
import { javaRandom } from '../jsonata/java-random';
import { type IntrinsicCall, readIntrinsic } from './intrinsic-syntax';

/** The longest list that `States.ArrayRange` makes. */
const MAX_RANGE = 1000;
/** The longest text that is encoded or hashed. */
const MAX_TEXT = 10_000;
const ALGORITHMS: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

/**
 * Calls an intrinsic function: `States.Format('{}', $.name)`.
 * @param resolve resolves a path
 * @throws StateFault for an invalid argument
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html
 */
export function callIntrinsic(source: string, resolve: (path: string) => unknown): unknown {
  return call(readIntrinsic(source), resolve);
}

/** Whether there is such a function, by its name without `States.`. */
export function isIntrinsic(name: string): boolean {
  return Object.hasOwn(FUNCTIONS, name);
}

function call({ name, arguments: given }: IntrinsicCall, resolve: (path: string) => unknown): unknown {
  const args = given.map((argument) => {
    if (argument.kind === 'call') return call(argument.call, resolve);
    return argument.kind === 'path' ? resolve(argument.path) : argument.value;
  });
  if (!isIntrinsic(name)) throw fault(`The function 'States.${name}' does not exist`);
  return FUNCTIONS[name]!(args, name);
}

type Intrinsic = (args: readonly unknown[], name: string) => unknown;

const FUNCTIONS: Readonly<Record<string, Intrinsic>> = {
  Array: (args) => args,
  ArrayContains: ([items, wanted], name) => listOf(items, name).some((item) => same(item, wanted)),
  ArrayGetItem: ([items, index], name) => {
    const held = listOf(items, name);
    const at = wholeOf(index, name);
    if (at < 0 || at >= held.length)
      throw fault(`Invalid arguments in States.${name}: the index ${at} is out of bounds`);
    return held[at];
  },
  ArrayLength: ([items], name) => listOf(items, name).length,
  ArrayPartition: ([items, size], name) => {
    const held = listOf(items, name);
    const step = wholeOf(size, name);
    if (step < 1) throw invalid(name);
    return Array.from({ length: Math.ceil(held.length / step) }, (_, at) => held.slice(at * step, (at + 1) * step));
  },
  ArrayRange: (args, name) => {
    const [from = 0, to = 0, by = 0] = args.map((arg) => wholeOf(arg, name));
    if (by === 0) throw invalid(name);
    const count = Math.max(0, Math.floor((to - from) / by) + 1);
    if (count > MAX_RANGE) throw fault(`States.${name} produces at most ${MAX_RANGE} elements`);
    return Array.from({ length: count }, (_, index) => from + index * by);
  },
  ArrayUnique: ([items], name) => [
    ...new Map(listOf(items, name).map((item) => [JSON.stringify(item), item] as const)).values(),
  ],
  Base64Encode: ([given], name) => Buffer.from(textOf(given, name)).toString('base64'),
  Base64Decode: ([given], name) => Buffer.from(textOf(given, name), 'base64').toString(),
  Hash: ([given, algorithm], name) => {
    const known =
      typeof algorithm === 'string' && Object.hasOwn(ALGORITHMS, algorithm) ? ALGORITHMS[algorithm] : undefined;
    if (known === undefined) throw invalid(name);
    const data = typeof given === 'string' ? given : JSON.stringify(given);
    return createHash(known).update(textOf(data, name)).digest('hex');
  },
  JsonMerge: ([left, right, deep], name) => {
    // Deep merging is part of the signature but not supported by AWS.
    if (deep !== false || !isRecord(left) || !isRecord(right)) throw invalid(name);
    return { ...left, ...right };
  },
  JsonToString: ([given]) => JSON.stringify(given),
  MathAdd: ([left, right], name) => wholeOf(left, name) + wholeOf(right, name),
  MathRandom: ([from, to, seed], name) => {
    const low = wholeOf(from, name);
    const drawn = seed === undefined ? Math.random() : javaRandom(wholeOf(seed, name));
    return low + Math.floor(drawn * (wholeOf(to, name) - low));
  },
  StringSplit: ([given, separators], name) => {
    const marks = new Set(textOf(separators, name));
    const parts: string[] = [''];
    for (const character of textOf(given, name)) {
      if (marks.has(character)) parts.push('');
      else parts[parts.length - 1] += character;
    }
    return parts.filter((part) => part !== '');
  },
  StringToJson: ([given], name) => {
    const source = textOf(given, name, Infinity);
    if (source.trim() === '') return null;
    try {
      return JSON.parse(source) as unknown;
    } catch {
      throw fault(`States.${name}: '${source}' is not JSON`);
    }
  },
  Format: ([template, ...values], name) => {
    let next = 0;
    const made = textOf(template, name).replace(/\\([{}\\'])|\{\}/g, (_, escaped: string | undefined) => {
      if (escaped !== undefined) return escaped;
      if (next >= values.length) throw fault(`States.${name} has fewer values than places: '${String(template)}'`);
      return shown(values[next++]);
    });
    if (next < values.length) throw fault(`States.${name} has more values than places: '${String(template)}'`);
    return made;
  },
  UUID: () => randomUUID(),
};

/** Formats a value like Java: `{id=1, lines=[a, b]}`. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(shown).join(', ')}]`;
  if (!isRecord(value)) return String(value);
  const fields = Object.entries(value).map(([name, item]) => `${name}=${shown(item)}`);
  return `{${fields.join(', ')}}`;
}

function listOf(value: unknown, name: string): readonly unknown[] {
  return Array.isArray(value) ? value : raise(invalid(name));
}

function textOf(value: unknown, name: string, longest = MAX_TEXT): string {
  return typeof value === 'string' && value.length <= longest ? value : raise(invalid(name));
}

/** Java rounds halves up. */
function wholeOf(value: unknown, name: string): number {
  return typeof value === 'number' ? Math.floor(value + 0.5) : raise(invalid(name));
}

function same(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

function invalid(name: string): StateFault {
  return fault(`Invalid arguments in States.${name}`);
}

function fault(sentence: string): StateFault {
  return new StateFault('States.IntrinsicFailure', sentence);
}

function raise(error: Error): never {
  throw error;
}
