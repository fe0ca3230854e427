import type { AwsType } from './pulumi-aws';
import { at, isList, isMap } from './select';
import { concatenate } from './text';
import { Reference, Secret, Text, Unknown, type Value, type ValueMap } from './values';

/** Private characters that mark the place of a reference while its text is parsed. */
const [OPEN, CLOSE] = ['\uE000', '\uE001'];
const MARK = /\uE000(\d+)\uE001/;

/** The inputs of a resource of Pulumi's AWS provider as CloudFormation names them. */
export function asCloudFormation(inputs: ValueMap, mapping: AwsType): ValueMap {
  const { renamed = {}, json = [], verbatim = [], listed = [] } = mapping;
  let rest: Value = inputs;
  let result: ValueMap = {};
  for (const [from, to] of Object.entries(renamed)) {
    const value = at(rest, from);
    if (value === undefined || value instanceof Unknown) continue;
    rest = without(rest, from.split('.'));
    const named = capitalised(value, to, verbatim);
    result = merged(result, to.split('.'), listed.includes(to) && !isList(named) ? [named] : named);
  }
  for (const [name, value] of Object.entries(isMap(rest) ? rest : {})) {
    if (isMap(value) && Object.keys(value).length === 0 && !isMap(inputs[name])) continue;
    const capital = upper(name);
    result = merged(result, [capital], capital === 'Tags' ? tags(value) : capitalised(value, capital, verbatim));
  }
  return json.reduce((properties, path) => withParsed(properties, path.split('.')), result);
}

function capitalised(value: Value, path: string, verbatim: readonly string[]): Value {
  if (isList(value)) return value.map((item) => capitalised(item, path, verbatim));
  if (!isMap(value)) return value;
  const users = verbatim.includes(path);
  return Object.fromEntries(
    Object.entries(value).map(([name, item]): [string, Value] => [
      users ? name : upper(name),
      capitalised(item, `${path}.${upper(name)}`, verbatim),
    ]),
  );
}

function tags(value: Value): Value {
  return isMap(value) ? Object.entries(value).map(([Key, Value]) => ({ Key, Value })) : value;
}

function upper(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function without(value: Value, [name, ...below]: readonly string[]): Value {
  if (name === undefined || !isMap(value) || !Object.hasOwn(value, name)) return value;
  const { [name]: removed, ...rest } = value;
  if (below.length === 0) return rest;
  const kept = without(removed!, below);
  return isMap(kept) && Object.keys(kept).length === 0 ? rest : { ...rest, [name]: kept };
}

function merged(into: ValueMap, [name, ...below]: readonly string[], value: Value): ValueMap {
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

/** A text that holds JSON, as what it holds; the references in it are kept. What is not JSON stays as it is. */
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

/** A dotted property of a CloudFormation resource as its writer calls it in Pulumi: `environment.variables.TOKEN`. */
export function asPulumi(property: string, { renamed = {}, json = [], verbatim = [], listed = [] }: AwsType): string {
  const [from, to] =
    Object.entries(renamed)
      .filter(([, name]) => property === name || property.startsWith(`${name}.`))
      .sort(([, one], [, other]) => other.length - one.length)[0] ?? [];
  const written: string[] = from === undefined ? [] : from.split('.');
  const rest = property.split('.').slice(to === undefined ? 0 : to.split('.').length);
  if (to !== undefined && listed.includes(to) && rest[0] === '0') rest.shift();
  let path = to ?? '';
  for (const name of rest) {
    // What is inside is the user's own.
    const theirs = verbatim.includes(path) || json.some((one) => path === one || path.startsWith(`${one}.`));
    written.push(theirs ? name : name.charAt(0).toLowerCase() + name.slice(1));
    if (!/^\d+$/.test(name)) path = path === '' ? name : `${path}.${name}`;
  }
  return written.join('.');
}
