import { type JsonRecord, parseJson, record, text } from '../../kernel/json';
import { jsonPath } from '../api-gateway/vtl/json-path';

/**
 * What a target gets of an event: all of it, a part, a constant, or what its transformer makes of it.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
export function targetInput(
  target: JsonRecord,
  event: JsonRecord,
  rule: { readonly arn: string; readonly name: string },
): unknown {
  const constant = text(target.Input);
  if (constant !== undefined) return parseJson(constant) ?? constant;
  const path = text(target.InputPath);
  if (path !== undefined) return jsonPath(path, event);
  const transformer = record(target.InputTransformer);
  const template = text(transformer.InputTemplate);
  return template === undefined ? event : transformed(template, record(transformer.InputPathsMap), event, rule);
}

function transformed(
  template: string,
  paths: JsonRecord,
  event: JsonRecord,
  rule: { readonly arn: string; readonly name: string },
): unknown {
  const values: Readonly<Record<string, unknown>> = {
    'aws.events.rule-arn': rule.arn,
    'aws.events.rule-name': rule.name,
    'aws.events.event.ingestion-time': event.time,
    'aws.events.event': Object.fromEntries(Object.entries(event).filter(([name]) => name !== 'detail')),
    'aws.events.event.json': event,
    ...Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, jsonPath(text(path) ?? '', event)])),
  };
  const made = template.replace(/<([^<>]+)>/g, (whole, name: string, at: number) => {
    if (!(name in values)) return whole;
    const value = values[name] ?? '';
    return insideText(template, at) ? inText(value) : JSON.stringify(value);
  });
  return parseJson(made) ?? made;
}

/** Whether a place in a template is between quotation marks. */
function insideText(template: string, at: number): boolean {
  return template.slice(0, at).replace(/\\./g, '').split('"').length % 2 === 0;
}

function inText(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value).slice(1, -1) : JSON.stringify(value).replaceAll('"', '\\"');
}
