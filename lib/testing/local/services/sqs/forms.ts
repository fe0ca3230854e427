import { randomUUID } from 'node:crypto';
import { escapeXml } from '../../kernel/aws-errors';
import { header, type HttpRequest, type HttpResponse } from '../../kernel/call';
import { formTree } from '../../kernel/form-tree';
import { isRecord, type JsonObject } from '../../kernel/json';

/** List parameters: name in a form to name in JSON. */
const LISTS: Readonly<Record<string, string>> = {
  SendMessageBatchRequestEntry: 'Entries',
  DeleteMessageBatchRequestEntry: 'Entries',
  ChangeMessageVisibilityBatchRequestEntry: 'Entries',
  AttributeName: 'AttributeNames',
  MessageAttributeName: 'MessageAttributeNames',
};
/** Map parameters: name in a form to name in JSON. */
const MAPS: Readonly<Record<string, string>> = {
  MessageAttribute: 'MessageAttributes',
  MessageSystemAttribute: 'MessageSystemAttributes',
  Attribute: 'Attributes',
};

/** Whether a call uses the query protocol (a form), as API Gateway integrations do. */
export function isForm(request: HttpRequest): boolean {
  return header(request, 'content-type')?.startsWith('application/x-www-form-urlencoded') === true;
}

/** A form's parameters in JSON shape. The path names the queue if the form does not. */
export function fromForm({ body, path }: HttpRequest): JsonObject {
  return { ...(path !== '/' && { QueueUrl: decodeURIComponent(path) }), ...normalized(formTree(body)) };
}

/** The XML response of the query protocol. */
export function queryResponse(operation: string, answer: JsonObject | undefined): HttpResponse {
  const result = xml(answer ?? {});
  return {
    status: 200,
    headers: { 'content-type': 'text/xml' },
    body:
      `<${operation}Response><${operation}Result>${result}</${operation}Result>` +
      `<ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata></${operation}Response>`,
  };
}

function normalized(tree: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(tree).map(([name, value]): [string, unknown] => {
      if (!isRecord(value)) return [name, value];
      const items = Object.values(value);
      if (Object.hasOwn(LISTS, name))
        return [LISTS[name]!, items.map((item) => (isRecord(item) ? normalized(item) : item))];
      if (!Object.hasOwn(MAPS, name)) return [name, normalized(value)];
      return [MAPS[name]!, Object.fromEntries(items.filter(isRecord).map(({ Name, Value }) => [String(Name), Value]))];
    }),
  );
}

function xml(value: unknown): string {
  if (Array.isArray(value)) return value.map((item) => `<member>${xml(item)}</member>`).join('');
  if (!isRecord(value)) return escapeXml(String(value));
  return Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .map(([name, item]) => `<${name}>${xml(item)}</${name}>`)
    .join('');
}
