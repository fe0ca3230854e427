import { isRecord, type JsonRecord, parseJson, text } from '../../kernel/json';
import { jsonPath } from '../api-gateway/vtl/json-path';

/** Where a payload stands in a record as text, or as text in base64. */
const ENCODED: Readonly<Record<string, BufferEncoding>> = { body: 'utf8', data: 'base64' };

/**
 * A record as templates and filters see it: what is JSON in its payload can be looked into. What is none stays as it is.
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
 * What an `InputTemplate` makes of a record: text. A placeholder between quotation marks gives text, one elsewhere JSON; one
 * that stands for an object inside of text, or alone, loses its quotation marks, as on AWS.
 * @param reserved values of `<aws.pipes.pipe-name>` and the like
 */
export function filled(template: string, item: unknown, reserved: JsonRecord): string {
  const whole = decoded(item);
  const json = /^\s*[{[]/.test(template);
  const values: JsonRecord = { ...reserved, 'aws.pipes.event': item, 'aws.pipes.event.json': whole };
  return template.replace(/<(\$[^<>]*|aws\.pipes\.[\w.-]+)>/g, (found, name: string, at: number) => {
    if (!name.startsWith('$') && !(name in values)) return found;
    const value = (name.startsWith('$') ? jsonPath(name, whole) : values[name]) ?? '';
    return json && !insideText(template, at) ? JSON.stringify(value) : asText(value, json);
  });
}

/** Whether a place in a template is between quotation marks. */
function insideText(template: string, at: number): boolean {
  return template.slice(0, at).replace(/\\./g, '').split('"').length % 2 === 0;
}

function asText(value: unknown, json: boolean): string {
  if (typeof value === 'object') return JSON.stringify(value).replaceAll('"', '');
  const plain = text(value) ?? '';
  return json ? JSON.stringify(plain).slice(1, -1) : plain;
}

/**
 * The parameters of a target or an enrichment for one record: a text that is a JSON path as a whole stands for what it
 * names. Paths look into the record as it came from its source or enrichment, not into what a template made of it.
 */
export function withPaths(parameters: JsonRecord, item: unknown): JsonRecord {
  const whole = decoded(item);
  const resolve = (value: unknown): unknown => {
    if (typeof value === 'string' && /^\$[.[]/.test(value)) return jsonPath(value, whole);
    if (Array.isArray(value)) return value.map(resolve);
    return isRecord(value)
      ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, resolve(one)]))
      : value;
  };
  return resolve(parameters) as JsonRecord;
}
