import type { Resource } from '../../core/model/model';
import { at, isList, isMap, isUnknown } from '../../core/model/select';
import { Choice, Reference, Secret, Text, Unknown, type Value, type ValueMap } from '../../core/model/values';
import { withSubstitutions } from '../../core/asl/substitutions';

/** A parsed definition, or why it could not be read. */
export interface ParsedDefinition {
  /** The definition, with references for values known only at deployment. */
  readonly definition?: ValueMap;
  /** What is wrong with it. */
  readonly fault?: string;
  /** Why it cannot be read. */
  readonly undecided?: string;
}

/** Private use characters, which no definition contains: they enclose the number of an open part. */
const OPEN = '\uE000';
const CLOSE = '\uE001';
const MARK = new RegExp(`${OPEN}(\\d+)${CLOSE}`, 'g');

/** Reads `Definition` or `DefinitionString`, with `DefinitionSubstitutions` put in. */
export function parsedDefinition(machine: Resource, source: Value): ParsedDefinition {
  const substitutions = at(machine, 'DefinitionSubstitutions');
  const open: Value[] = [];
  const mark = (value: Value): string => `${OPEN}${open.push(value) - 1}${CLOSE}`;
  const substituted = (text: string): string =>
    withSubstitutions(text, (name) => {
      const value = at(substitutions, [name]);
      return value === undefined ? undefined : mark(value);
    });

  if (isMap(source)) return { definition: revive(source, (text) => substituted(text), open) as ValueMap };
  if (typeof source !== 'string' && !(source instanceof Text)) {
    return { undecided: isUnknown(source) ? source.reason : 'its definition is known only at deployment' };
  }
  const parts = source instanceof Text ? source.parts : [source];
  const text = parts.map((part) => (typeof part === 'string' ? substituted(part) : mark(part))).join('');
  return parse(quoted(text), open);
}

/** Real definitions are far flatter; deeper ones would overflow the stack of every reader. */
const MAX_DEPTH = 200;

function parse(text: string, open: readonly Value[]): ParsedDefinition {
  if (depthOf(text) > MAX_DEPTH) return { undecided: `its definition is nested in more than ${MAX_DEPTH} levels` };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return { fault: 'is not JSON' };
  }
  if (!isMap(parsed)) return { fault: 'is not an object' };
  return { definition: revive(parsed, (item) => item, open) as ValueMap };
}

/** The nesting depth of JSON, without parsing it. */
function depthOf(text: string): number {
  let [depth, deepest] = [0, 0];
  for (const [bracket] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[{]|[\]}]/g)) {
    if (bracket === '[' || bracket === '{') deepest = Math.max(deepest, (depth += 1));
    else if (bracket === ']' || bracket === '}') depth -= 1;
  }
  return deepest;
}

/** Quotes an open part that stands for a number or object, so that the text is valid JSON. */
function quoted(text: string): string {
  return text.replace(new RegExp(`([:[,]\\s*)(${OPEN}\\d+${CLOSE})(?=\\s*[,}\\]])`, 'g'), '$1"$2"');
}

function revive(value: Value, prepare: (text: string) => string, open: readonly Value[]): Value {
  if (typeof value === 'string') return filled(prepare(value), open);
  if (isList(value)) return value.map((item) => revive(item, prepare, open));
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, revive(item, prepare, open)]));
}

function filled(text: string, open: readonly Value[]): Value {
  const pieces = text.split(MARK).map((piece, index) => (index % 2 === 0 ? piece : open[Number(piece)]!));
  const parts = pieces.filter((piece) => piece !== '');
  const [only] = parts;
  if (parts.length <= 1) return only ?? '';
  const merged: (string | Reference | Unknown | Secret)[] = [];
  for (const part of parts.flatMap((piece) => (piece instanceof Text ? piece.parts : [asPart(piece)]))) {
    const last = merged.at(-1);
    if (typeof part === 'string' && typeof last === 'string') merged[merged.length - 1] = last + part;
    else merged.push(part);
  }
  return merged.length === 1 ? merged[0]! : new Text(merged);
}

function asPart(value: Value): string | Reference | Unknown | Secret {
  if (typeof value === 'string' || value instanceof Reference || value instanceof Unknown || value instanceof Secret) {
    return value;
  }
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return new Unknown(value instanceof Choice ? `it depends on condition '${value.condition}'` : 'it is not text');
}
