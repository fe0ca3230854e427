import { AwsError } from '../../kernel/aws-errors';
import { isRecord, type JsonObject, parseJson, recordOf, text } from '../../kernel/json';
import { jsonPath } from '../api-gateway/vtl/json-path';

/** A rule, as input transformers see it. */
export interface NamedRule {
  readonly arn: string;
  readonly name: string;
}

/** Predefined variables of a transformer. */
const RESERVED = [
  'aws.events.rule-arn',
  'aws.events.rule-name',
  'aws.events.event',
  'aws.events.event.json',
  'aws.events.event.ingestion-time',
];
const PLACEHOLDER = /<([\w.-]+)>/g;
const MAX_PATHS = 100;
const MAX_TEMPLATE = 8192;

/**
 * A target's input as text: the whole event, part of it, a constant, or the transformer's output. A queue gets this
 * text as its body: the output of a string template keeps its quotation marks.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 * @throws AwsError for a JSON template that a value makes invalid
 */
export function targetInput(target: JsonObject, event: JsonObject, rule: NamedRule): string {
  const constant = text(target.Input);
  if (constant !== undefined) return constant;
  const path = text(target.InputPath);
  if (path !== undefined) return JSON.stringify(jsonPath(path, event) ?? null);
  const transformer = recordOf(target.InputTransformer);
  const template = text(transformer.InputTemplate);
  return template === undefined
    ? JSON.stringify(event)
    : transformed(template, valuesOf(recordOf(transformer.InputPathsMap), event, rule));
}

/** Why EventBridge refuses a target's input settings. */
export function inputFault({ Id, Input, InputPath, InputTransformer }: JsonObject): string | undefined {
  if ([Input, InputPath, InputTransformer].filter((one) => one !== undefined).length > 1) {
    return `Only one of Input, InputPath, or InputTransformer must be provided for target ${text(Id)}.`;
  }
  const { InputTemplate, InputPathsMap } = recordOf(InputTransformer);
  const paths = [InputPath, ...Object.values(recordOf(InputPathsMap))].map(text).filter((path) => path !== undefined);
  if (paths.some((path) => !path.startsWith('$') || /\[\s*['"]/.test(path)))
    return `InputPath for target ${text(Id)} is invalid.`;
  const template = text(InputTemplate) ?? '';
  const names = Object.keys(recordOf(InputPathsMap));
  if (names.length > MAX_PATHS) return `InputPathsMap of target ${text(Id)} has more than ${MAX_PATHS} entries.`;
  if (template.length > MAX_TEMPLATE) return `InputTemplate of target ${text(Id)} is longer than ${MAX_TEMPLATE}.`;
  const placeholders = [...template.matchAll(PLACEHOLDER)].map(([, name]) => name!);
  const unknown = placeholders.find((name) => !names.includes(name) && !RESERVED.includes(name));
  return unknown === undefined
    ? undefined
    : `InputTemplate for target ${text(Id)} contains invalid placeholder ${unknown}.`;
}

function valuesOf(paths: JsonObject, event: JsonObject, rule: NamedRule): JsonObject {
  const received = new Date().toISOString();
  const { detail, 'detail-type': detailType, ...envelope } = event;
  return {
    ...Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, jsonPath(text(path) ?? '', event)])),
    'aws.events.rule-arn': rule.arn,
    'aws.events.rule-name': rule.name,
    'aws.events.event.ingestion-time': received,
    // Without the detail, and with `detail-type` spelled differently.
    'aws.events.event': { ...envelope, detailType, time: received },
    'aws.events.event.json': event,
  };
}

/**
 * A value inside a string is inserted unescaped, quotation marks included. An object or list inside a string loses its
 * quotation marks. A missing value is empty.
 */
function transformed(template: string, values: JsonObject): string {
  const json = /^\s*[{[]/.test(template);
  const made = template.replace(PLACEHOLDER, (whole, name: string, at: number) => {
    if (!(name in values)) return whole;
    const value = values[name] ?? '';
    return json && !insideText(template, at) ? JSON.stringify(value) : inText(value);
  });
  if (json && parseJson(made) === undefined) {
    throw new AwsError('INVALID_JSON', `The template does not produce JSON from this event: ${made}`);
  }
  return made;
}

/** Whether a position in a template is inside quotation marks. */
function insideText(template: string, at: number): boolean {
  return template.slice(0, at).replace(/\\./g, '').split('"').length % 2 === 0;
}

function inText(value: unknown): string {
  const nested = isRecord(value) || Array.isArray(value);
  return nested ? JSON.stringify(value).replaceAll('"', '') : (text(value) ?? '');
}
