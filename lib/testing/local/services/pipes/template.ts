import { isRecord, type JsonObject, parseJson, text } from '../../kernel/json';
import { jsonPath } from '../api-gateway/vtl/json-path';

/** Record fields that hold a payload, with their encoding. */
const ENCODED: Readonly<Record<string, BufferEncoding>> = { body: 'utf8', data: 'base64' };

/**
 * A record as seen by templates and filters: JSON payloads are parsed, others left as they are.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-input-transformation.html
 */
export function decoded(item: unknown): unknown {
  if (!isRecord(item)) return item;
  const found = Object.entries(ENCODED).flatMap(([name, encoding]) => {
    const value = item[name];
    const parsed = typeof value === 'string' ? parseJson(Buffer.from(value, encoding).toString()) : undefined;
    return parsed === undefined ? [] : [[name, parsed] as const];
  });
  return found.length === 0 ? item : { ...item, ...Object.fromEntries(found) };
}

/**
 * Renders an `InputTemplate` for a record. A placeholder within quotation marks yields text, elsewhere JSON; one
 * that resolves to an object inside text, or alone, loses its quotation marks, as on AWS.
 * @param reserved values of `<aws.pipes.pipe-name>` and the like
 */
export function filled(template: string, item: unknown, reserved: JsonObject): string {
  const whole = decoded(item);
  const json = /^\s*[{[]/.test(template);
  const values: JsonObject = { ...reserved, 'aws.pipes.event': item, 'aws.pipes.event.json': whole };
  return template.replace(/<(\$[^<>]*|aws\.pipes\.[\w.-]+)>/g, (found, name: string, at: number) => {
    if (!name.startsWith('$') && !(name in values)) return found;
    const value = (name.startsWith('$') ? jsonPath(name, whole) : values[name]) ?? '';
    return json && !insideText(template, at) ? JSON.stringify(value) : asText(value, json);
  });
}

/** Whether a position in a template is within quotation marks. */
function insideText(template: string, at: number): boolean {
  return template.slice(0, at).replace(/\\./g, '').split('"').length % 2 === 0;
}

function asText(value: unknown, json: boolean): string {
  if (typeof value === 'object') return JSON.stringify(value).replaceAll('"', '');
  const plain = text(value) ?? '';
  return json ? JSON.stringify(plain).slice(1, -1) : plain;
}

/**
 * The parameters of a target or enrichment for one record: a string that is entirely a JSON path is replaced by what it
 * selects. Paths resolve against the record from the source or enrichment, not against template output.
 */
export function withPaths(parameters: JsonObject, item: unknown): JsonObject {
  const whole = decoded(item);
  const resolve = (value: unknown): unknown => {
    if (typeof value === 'string' && /^\$[.[]/.test(value)) return jsonPath(value, whole);
    if (Array.isArray(value)) return value.map(resolve);
    return isRecord(value)
      ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, resolve(one)]))
      : value;
  };
  return resolve(parameters) as JsonObject;
}
