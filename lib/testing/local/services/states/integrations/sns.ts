import type { Forwarded } from '../../../kernel/forward';
import { isRecord, type JsonObject, parseJson, recordOf, text } from '../../../kernel/json';
import { queryAnswerAsJson } from '../../../kernel/query-answer';
import { type Integration, optimisedFailure, sdkFailure, withMetadata } from './integration';
import { capitalized } from './names';

/** Codes with exceptions in the SNS model. */
const MODELLED = [
  'NotFound',
  'InvalidParameter',
  'ParameterValueInvalid',
  'AuthorizationError',
  'InternalError',
  'KMSAccessDenied',
];
/** Exceptions named differently from their codes. */
const RENAMED: Readonly<Record<string, string>> = { ParameterValueInvalid: 'InvalidParameterValue' };

/** `arn:aws:states:::sns:publish`. */
export const snsPublish: Integration = {
  service: 'sns',
  request: (_, parameters) => form('Publish', parameters),
  answer: (_, response) => {
    return withMetadata(resultOf('Publish', String(queryAnswerAsJson(response).body)), response);
  },
  failure: (error) => {
    const name = exceptionOf(error.code);
    return optimisedFailure(`SNS.${name ?? 'AmazonSNSException'}`, 'AmazonSNS', error);
  },
};

/** The integration of an `aws-sdk:sns` call; undefined if unsupported. */
export function snsSdk(api: string): Integration | undefined {
  if (!['publish', 'publishBatch'].includes(api)) return undefined;
  return {
    service: 'sns',
    request: (_, parameters) => form(capitalized(api), parameters),
    answer: (_, response) => resultOf(capitalized(api), String(queryAnswerAsJson(response).body)),
    failure: (error) => sdkFailure('Sns', exceptionOf(error.code)?.replace(/^KMS/, 'Kms') ?? 'SnsException', error),
  };
}

function exceptionOf(code: string): string | undefined {
  if (!MODELLED.includes(code) && !code.includes('Batch')) return undefined;
  return `${RENAMED[code] ?? code}Exception`;
}

function resultOf(operation: string, source: string): JsonObject {
  return recordOf(recordOf(recordOf(parseJson(source))[`${operation}Response`])[`${operation}Result`]);
}

function form(operation: string, parameters: JsonObject): Forwarded {
  const fields = new URLSearchParams({ Action: operation, Version: '2010-03-31' });
  for (const [name, value] of Object.entries(parameters)) write(fields, name, value);
  return {
    method: 'POST',
    path: '/',
    query: '',
    headers: [['content-type', 'application/x-www-form-urlencoded']],
    body: Buffer.from(fields.toString()),
  };
}

/** Writes attributes as entries, lists as members, and non-string messages as JSON. */
function write(fields: URLSearchParams, name: string, value: unknown): void {
  if (name.endsWith('Message') && isRecord(value)) return fields.set(name, JSON.stringify(value));
  if (Array.isArray(value)) return value.forEach((one, index) => write(fields, `${name}.member.${index + 1}`, one));
  if (!isRecord(value)) return fields.set(name, text(value) ?? '');
  const isMap = name.endsWith('MessageAttributes');
  Object.entries(value).forEach(([key, one], index) => {
    if (!isMap) return write(fields, `${name}.${key}`, one);
    fields.set(`${name}.entry.${index + 1}.Name`, key);
    write(fields, `${name}.entry.${index + 1}.Value`, one);
  });
}
