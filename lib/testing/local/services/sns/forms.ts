import { randomUUID } from 'node:crypto';
import { escapeXml } from '../../kernel/aws-errors';
import type { HttpRequest, HttpResponse } from '../../kernel/call';
import { formTree } from '../../kernel/form-tree';
import { isRecord, type JsonObject, recordOf, text } from '../../kernel/json';

/** The result of an operation. Maps are serialized as entries, lists as members. */
export interface SnsResult {
  readonly [name: string]: SnsValue | undefined;
}

type SnsValue = string | SnsResult | readonly SnsResult[] | ReadonlyMap<string, string>;

/** The parameters of a request, with lists and maps as in the SDK. */
export function parametersOf({ body }: HttpRequest): JsonObject {
  return recordOf(decoded(formTree(body)));
}

/** The XML response of an operation. */
export function answerOf(operation: string, result: SnsResult): HttpResponse {
  const requestId = randomUUID();
  return {
    status: 200,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
    body:
      `<${operation}Response xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><${operation}Result>${xml(result)}` +
      `</${operation}Result><ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${operation}Response>`,
  };
}

function decoded(value: unknown): unknown {
  if (!isRecord(value)) return value;
  const { member, entry } = value;
  if (isRecord(member)) return Object.values(member).map(decoded);
  if (isRecord(entry)) {
    const pairs = Object.values(entry).map((one) => {
      const { Name, key = Name, Value, value: plain = Value } = recordOf(one);
      return [text(key) ?? '', decoded(plain)] as const;
    });
    return Object.fromEntries(pairs);
  }
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, decoded(one)]));
}

function xml(value: SnsValue): string {
  if (typeof value === 'string') return escapeXml(value);
  if (value instanceof Map) {
    const entries = [...(value as ReadonlyMap<string, string>)];
    return entries.map(([key, one]) => `<entry><key>${key}</key><value>${escapeXml(one)}</value></entry>`).join('');
  }
  if (Array.isArray(value)) return value.map((one: SnsResult) => `<member>${xml(one)}</member>`).join('');
  return Object.entries(value as SnsResult)
    .map(([name, one]) => (one === undefined ? '' : `<${name}>${xml(one)}</${name}>`))
    .join('');
}
