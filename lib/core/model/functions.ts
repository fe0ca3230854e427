import { isList, isMap, literal, toNumber, toText } from './select';
import { concatenate, literalText } from './text';
import { Choice, Reference, Text, Unknown, type Value } from './values';

/** `Fn::Split`: a list for a literal; for other text an Unknown with its origin. */
export function split(delimiter: Value | undefined, text: Value | undefined): Value {
  const literal = toText(text);
  if (typeof delimiter !== 'string' || delimiter === '') return new Unknown('Fn::Split has no literal delimiter');
  if (literal !== undefined) return literal.split(delimiter);
  if (text instanceof Text || text instanceof Reference) {
    return new Unknown('the parts of a text are known only at deployment', undefined, { value: text, delimiter });
  }
  return text instanceof Unknown
    ? new Unknown(text.reason, undefined, { value: text, delimiter })
    : new Unknown('Fn::Split is given no text');
}

/** `Fn::Select` from a list known only at deployment. */
function part(list: Unknown, index: number): Unknown {
  return list.origin && list.origin.index === undefined
    ? new Unknown('a part of a text is known only at deployment', undefined, { ...list.origin, index })
    : list;
}

/** `Fn::ToJsonString`: text with the references inside. */
export function jsonText(value: Value | undefined): Value {
  return concatenate(jsonParts(value));
}

function jsonParts(value: Value | undefined): Value[] {
  if (value === undefined) return ['null'];
  if (value instanceof Choice) return [new Unknown('an object with conditions is inside a JSON string')];
  if (value instanceof Text) {
    return ['"', ...value.parts.map((item) => (typeof item === 'string' ? escaped(item) : item)), '"'];
  }
  if (isList(value)) return ['[', ...separated(value.map(jsonParts)), ']'];
  if (isMap(value)) {
    const members = Object.entries(value).map(([name, item]) => [`${JSON.stringify(name)}:`, ...jsonParts(item)]);
    return ['{', ...separated(members), '}'];
  }
  return typeof value === 'object' && value !== null ? ['"', value, '"'] : [JSON.stringify(value)];
}

function separated(groups: readonly (readonly Value[])[]): Value[] {
  return groups.flatMap((group, index) => (index === 0 ? group : [',', ...group]));
}

function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** `Fn::Cidr` of an IPv4 block; undefined if it is not literal or does not fit. */
export function cidrBlocks(
  block: Value | undefined,
  count: Value | undefined,
  bits: Value | undefined,
): string[] | undefined {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(toText(block) ?? '');
  const [blocks, hostBits] = [toNumber(count), toNumber(bits ?? 8)];
  if (!match || blocks === undefined || hostBits === undefined) return undefined;
  const [a, b, c, d, prefix] = match.slice(1).map(Number) as [number, number, number, number, number];
  const size = 2 ** hostBits;
  if (blocks < 0 || blocks > 256 || hostBits < 0 || hostBits > 32 || blocks * size > 2 ** (32 - prefix))
    return undefined;
  const first = ((a * 256 + b) * 256 + c) * 256 + d;
  return Array.from({ length: blocks }, (_, index) => {
    const address = first + index * size;
    const octets = [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256);
    return `${octets.join('.')}/${32 - hostBits}`;
  });
}

/** An entry of a mapping, which holds no functions. */
export function mapped(entry: unknown): Value {
  if (typeof entry === 'string') return literalText(entry);
  if (Array.isArray(entry)) return entry.map(mapped);
  return (
    literal(entry) ?? (entry === null ? null : new Unknown('a mapping may contain only strings and lists of strings'))
  );
}

/** `Fn::Select`. */
export function selected(index: Value | undefined, values: Value | undefined): Value {
  const position = toNumber(index);
  if (position === undefined) return deployed('Fn::Select', index);
  if (values instanceof Unknown) return part(values, position);
  if (!isList(values)) return deployed('Fn::Select', values);
  return values[position] ?? new Unknown(`Fn::Select asks for item ${position} of ${values.length}`);
}

/** What a function gives that cannot be computed here. */
export function deployed(name: string, operand: unknown): Unknown {
  if (operand instanceof Unknown) return operand;
  const of = operand instanceof Text || operand instanceof Reference ? ' of a value that is' : ' is';
  return new Unknown(`${name}${of} known only at deployment`);
}
