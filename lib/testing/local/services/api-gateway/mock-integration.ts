import type { HttpResponse } from '../../kernel/call';
import { record, records, text } from '../../kernel/json';
import type { LocalContext } from '../../kernel/service';
import { literalHeaders } from './gateway-responses';
import { type MappedCall, mapped } from './mapping-template';

/**
 * What a mock integration answers: the integration response for the status that its request template names.
 * @returns undefined where it names none, or no response takes it
 * @throws IntegrationFailure when a template fails
 */
export function mockResponse(call: MappedCall, context: LocalContext): HttpResponse | undefined {
  const { integration } = call;
  const [request = ''] = Object.values(record(integration.RequestTemplates)).map((template) => text(template) ?? '');
  const status = /"?statusCode"?\s*:\s*"?(\d{3})/.exec(evaluated(request, call, context).text)?.[1];
  const responses = records(integration.IntegrationResponses);
  const chosen =
    responses.find(
      ({ SelectionPattern: pattern }) => pattern !== undefined && new RegExp(`^(${text(pattern)})$`).test(status ?? ''),
    ) ?? responses.find(({ SelectionPattern: pattern }) => pattern === undefined);
  if (status === undefined || !chosen) return undefined;
  const template = text(record(chosen.ResponseTemplates)['application/json']) ?? '';
  const made = evaluated(template, call, context);
  return {
    status: made.status ?? Number(chosen.StatusCode),
    headers: {
      'content-type': 'application/json',
      ...literalHeaders(record(chosen.ResponseParameters), 'method.response.header.'),
      ...made.headers,
    },
    body: made.text.trim(),
  };
}

/** Plain text stays as it is, so that a mock without a template language needs no engine for it. */
function evaluated(template: string, call: MappedCall, context: LocalContext): ReturnType<typeof mapped> {
  return isDynamic(template) ? mapped(template, call, context, '') : { text: template, headers: {} };
}

/** Whether a template is more than literal text. */
export function isDynamic(template: string): boolean {
  return /[#$]/.test(template);
}
