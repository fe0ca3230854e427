import { randomUUID } from 'node:crypto';
import type { HttpResponse } from './call';
import type { Protocol } from './service';

/** An error that a service answers with. */
export class AwsError extends Error {
  /**
   * @param code the error's code: `ResourceNotFoundException`
   * @param message as the service words it
   * @param status the HTTP status
   */
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
    readonly fields: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = code;
  }
}

/** An error as a service with this protocol writes it. */
export function errorResponse(protocol: Protocol, { code, message, status, fields }: AwsError): HttpResponse {
  const requestId = randomUUID();
  const headers = { 'x-amzn-requestid': requestId, 'x-amzn-errortype': code };
  switch (protocol) {
    case 'json':
      return {
        status,
        headers: { ...headers, 'content-type': 'application/x-amz-json-1.0' },
        body: JSON.stringify({ __type: `com.amazon.coral.service#${code}`, Message: message, message, ...fields }),
      };
    case 'rest-json':
      return {
        status,
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ Message: message, message, ...fields }),
      };
    case 'query':
      return {
        status,
        headers: { ...headers, 'content-type': 'text/xml' },
        body:
          `<ErrorResponse><Error><Type>${status < 500 ? 'Sender' : 'Receiver'}</Type><Code>${code}</Code>` +
          `<Message>${escapeXml(message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
      };
    case 's3':
      return {
        status,
        headers: { 'x-amz-request-id': requestId, 'content-type': 'application/xml' },
        body:
          `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${escapeXml(message)}</Message>` +
          `${elementsOf(fields)}<RequestId>${requestId}</RequestId></Error>`,
      };
  }
}

function elementsOf(fields: AwsError['fields']): string {
  return Object.entries(fields)
    .map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`)
    .join('');
}

/** An answer in JSON. */
export function jsonResponse(body: unknown): HttpResponse {
  return {
    status: 200,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': randomUUID() },
    body: JSON.stringify(body),
  };
}

/** Text as it stands between XML tags. */
export function escapeXml(text: string): string {
  return text.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
