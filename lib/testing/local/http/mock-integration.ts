import type { HttpResponse } from '../call';
import { type JsonRecord, record, records, text } from '../json';
import { literalHeaders } from './gateway-responses';

/** Whether a template is more than literal text, so that it would have to be evaluated. */
export function isDynamic(template: string): boolean {
  return /[#$]/.test(template);
}

/**
 * What a mock integration answers: the integration response for the status that its request template names. Templates
 * that would have to be evaluated are sent empty; the API reports them when it starts.
 */
export function mockResponse(integration: JsonRecord): HttpResponse | undefined {
  const [request = ''] = Object.values(record(integration.RequestTemplates)).map((template) => text(template));
  const status = /"?statusCode"?\s*:\s*"?(\d{3})/.exec(request ?? '')?.[1];
  const responses = records(integration.IntegrationResponses);
  const chosen =
    responses.find(
      ({ SelectionPattern: pattern }) => pattern !== undefined && new RegExp(`^(${text(pattern)})$`).test(status ?? ''),
    ) ?? responses.find(({ SelectionPattern: pattern }) => pattern === undefined);
  if (status === undefined || !chosen) return undefined;
  const body = text(record(chosen.ResponseTemplates)['application/json']) ?? '';
  const headers = literalHeaders(record(chosen.ResponseParameters), 'method.response.header.');
  return {
    status: Number(chosen.StatusCode),
    headers: { 'content-type': 'application/json', ...headers },
    body: isDynamic(body) ? '' : body,
  };
}
