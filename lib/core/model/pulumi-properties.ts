import type { AwsType } from './pulumi-aws';
import { isList, isMap } from './select';
import { concatenate } from './text';
import { Reference, Secret, Text, Unknown, type Value, type ValueMap } from './values';

/** Private use characters that mark references while a text is parsed. */
const [OPEN, CLOSE] = ['\uE000', '\uE001'];
const MARK = /\uE000(\d+)\uE001/;

/** Converts the inputs of Pulumi's AWS provider to CloudFormation's names. */
export function asCloudFormation(inputs: ValueMap, mapping: AwsType): ValueMap {
  const { json = [], listed = [], shaped } = mapping;
  const found = new Translation(mapping).of(inputs);
  const lists = listed.reduce((properties, path) => withList(properties, path.split('.')), found);
  const parsed = json.reduce((properties, path) => withParsed(properties, path.split('.')), lists);
  return shaped ? shaped(parsed) : parsed;
}

/** Renames every property of a resource, and moves those that are elsewhere in CloudFormation. */
class Translation {
  private result: ValueMap = {};
  private readonly renamed: Readonly<Record<string, string>>;
  private readonly foreign: readonly string[];

  constructor({ renamed = {}, verbatim = [], json = [] }: AwsType) {
    this.renamed = renamed;
    this.foreign = [...verbatim, ...json];
  }

  of(inputs: ValueMap): ValueMap {
    const own = this.map(inputs, '', '');
    return Object.entries(own).reduce((into, [name, value]) => merged(into, [name], value), this.result);
  }

  private value(value: Value, from: string, to: string): Value {
    if (isList(value)) return value.map((item) => this.value(item, from, to));
    return isMap(value) && !this.foreign.includes(to) ? this.map(value, from, to) : value;
  }

  private map(value: ValueMap, from: string, to: string): ValueMap {
    let here: ValueMap = {};
    for (const [name, item] of Object.entries(value)) {
      const [source, written] = [joined(from, name), this.renamed[joined(from, name)]];
      const place = written ?? joined(to, upper(name));
      const below = Object.entries(this.renamed).filter(([one]) => one.startsWith(`${source}.`));
      if (!isMap(item) && !isList(item) && below.length > 0) this.noteUnknown(item, place, below);
      const translated = place === 'Tags' ? tags(item) : this.value(item, source, place);
      const emptied = isMap(item) && isMap(translated) && Object.keys(translated).length === 0;
      if (emptied && Object.keys(item).length > 0) continue;
      if (to === '' || place.startsWith(`${to}.`)) {
        here = merged(here, place.slice(to === '' ? 0 : to.length + 1).split('.'), translated);
      } else this.result = merged(this.result, place.split('.'), translated);
    }
    return here;
  }

  /** What moves elsewhere in CloudFormation is as unknown as its parent here. */
  private noteUnknown(value: Value, place: string, below: readonly (readonly [string, string])[]): void {
    for (const [, to] of below) {
      if (!to.startsWith(`${place}.`)) this.result = merged(this.result, to.split('.').slice(0, 1), value);
    }
  }
}

function joined(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

/** Wraps a single value in a list. */
function withList(properties: ValueMap, [name, ...below]: readonly string[]): ValueMap {
  const value = name === undefined ? undefined : properties[name];
  if (name === undefined || value === undefined || value instanceof Unknown) return properties;
  if (below.length === 0) return isList(value) ? properties : { ...properties, [name]: [value] };
  return isMap(value) ? { ...properties, [name]: withList(value, below) } : properties;
}

function tags(value: Value): Value {
  return isMap(value) ? Object.entries(value).map(([Key, Value]) => ({ Key, Value })) : value;
}

function upper(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** Adds a value to a map at a path. */
export function merged(into: ValueMap, [name, ...below]: readonly string[], value: Value): ValueMap {
  if (name === undefined) return into;
  const present = Object.hasOwn(into, name) ? into[name] : undefined;
  if (below.length > 0) return { ...into, [name]: merged(isMap(present) ? present : {}, below, value) };
  return { ...into, [name]: isMap(present) && isMap(value) ? { ...present, ...value } : value };
}

function withParsed(properties: Value, [name, ...below]: readonly string[]): ValueMap {
  if (!isMap(properties)) return {};
  if (name === undefined || !Object.hasOwn(properties, name)) return properties;
  const value = properties[name]!;
  if (below.length === 0) return { ...properties, [name]: parseJsonText(value) };
  return {
    ...properties,
    [name]: isList(value) ? value.map((item) => withParsed(item, below)) : withParsed(value, below),
  };
}

/** Parses JSON in a text, keeping its references. Anything else stays as it is. */
export function parseJsonText(value: Value): Value {
  const parts = value instanceof Text ? value.parts : [value];
  const inside: (Reference | Unknown | Secret)[] = [];
  const text = parts.map((part) => {
    if (typeof part === 'string') return part;
    if (!(part instanceof Reference || part instanceof Unknown || part instanceof Secret)) return '';
    return `${OPEN}${inside.push(part) - 1}${CLOSE}`;
  });
  try {
    return restored(JSON.parse(text.join('')), inside);
  } catch {
    return value;
  }
}

function restored(data: unknown, inside: readonly (Reference | Unknown | Secret)[]): Value {
  if (typeof data === 'string') {
    // Split by a pattern with a group: every second piece is the number between the marks.
    return concatenate(data.split(MARK).map((piece, index) => (index % 2 === 0 ? piece : inside[Number(piece)])));
  }
  if (Array.isArray(data)) return data.map((item) => restored(item, inside));
  if (typeof data !== 'object' || data === null) return data as Value;
  return Object.fromEntries(
    Object.entries(data).map(([name, item]): [string, Value] => [name, restored(item, inside)]),
  );
}

/** A dotted property of a CloudFormation resource by its Pulumi name: `environment.variables.TOKEN`. */
export function asPulumi(property: string, { renamed = {}, json = [], verbatim = [], listed = [] }: AwsType): string {
  const names = property.split('.');
  const plain = names.filter((name) => !isIndex(name)).join('.');
  const [from, to] =
    Object.entries(renamed)
      .filter(([, name]) => plain === name || plain.startsWith(`${name}.`))
      .sort(([, one], [, other]) => other.length - one.length)[0] ?? [];
  const { written, rest } = begun(names, from, to);
  if (to !== undefined && listed.includes(to) && rest[0] === '0') rest.shift();
  let path = to ?? '';
  for (const name of rest) {
    // Names inside are the user's.
    const isForeign = verbatim.includes(path) || json.some((one) => path === one || path.startsWith(`${one}.`));
    written.push(isForeign ? name : name.charAt(0).toLowerCase() + name.slice(1));
    if (!isIndex(name)) path = path === '' ? name : `${path}.${name}`;
  }
  return written.join('.');
}

/** The renamed part of a path, with its indexes if both names have the same depth, and the rest. */
function begun(names: readonly string[], from: string | undefined, to: string | undefined) {
  if (from === undefined || to === undefined) return { written: [], rest: [...names] };
  const [source, depth] = [from.split('.'), to.split('.').length];
  const written: string[] = [];
  let end = 0;
  for (let seen = 0; seen < depth; end++) {
    if (!isIndex(names[end]!)) {
      if (source.length === depth) written.push(source[seen]!);
      seen++;
    } else if (source.length === depth) written.push(names[end]!);
  }
  return { written: source.length === depth ? written : source, rest: names.slice(end) };
}

function isIndex(name: string): boolean {
  return /^\d+$/.test(name);
}
