import { type HttpResponse, header } from '../../kernel/call';
import { type JsonRecord, record, records, text } from '../../kernel/json';
import type { LocalContext } from '../../kernel/service';
import { GATEWAY_ERRORS, type GatewayError, literalHeaders } from './gateway-responses';
import { IntegrationFailure } from './lambda-target';
import { type MappedCall, mapped } from './mapping-template';

/** `arn:aws:apigateway:eu-west-1:sqs:path/123456789012/Jobs`, or `:action/SendMessage`. */
const URI = /^arn:[^:]+:apigateway:[^:]*:([^:]+):(path|action)\/(.+)$/;

/** Which service an integration calls; undefined where its address names none. */
export function integratedService({ Uri }: JsonRecord): string | undefined {
  return URI.exec(text(Uri) ?? '')?.[1];
}

/**
 * An API's request straight to an AWS service: the request template makes the service's request, the role of the
 * integration is judged, and the integration response whose pattern matches the service's status makes the answer.
 * @throws IntegrationFailure when the role cannot be assumed or a template fails
 */
export async function callService(context: LocalContext, call: MappedCall): Promise<HttpResponse | GatewayError> {
  const { integration, request } = call;
  const [, service = '', kind, address = ''] = URI.exec(text(integration.Uri) ?? '') ?? [];
  const body = requestBody(call, context);
  if (body === undefined) return GATEWAY_ERRORS.unsupportedMedia;
  const role = context.roleCaller(text(integration.Credentials) ?? '', 'apigateway.amazonaws.com');
  if (!role) throw new IntegrationFailure(`API Gateway may not assume the role '${text(integration.Credentials)}'`);
  const headers = literalHeaders(record(integration.RequestParameters), 'integration.request.header.');
  const answer = await context.call(
    service,
    {
      method: text(integration.IntegrationHttpMethod) ?? request.http.method,
      path: kind === 'path' ? `/${address}` : '/',
      query: '',
      headers: Object.entries({
        'content-type': 'application/json',
        ...(kind === 'action' && { 'x-amz-target': address }),
        ...headers,
      }),
      body: Buffer.from(body),
    },
    role,
  );
  return integrationResponse(call, context, answer);
}

/** The body that the service gets; undefined where the media type is not taken. */
function requestBody(call: MappedCall, context: LocalContext): string | undefined {
  const { integration, request } = call;
  const body = request.http.body.toString();
  const templates = record(integration.RequestTemplates);
  const type = (header(request.http, 'content-type') ?? 'application/json').split(';')[0]!.trim().toLowerCase();
  const template = text(templates[type]);
  if (template !== undefined) return mapped(template, call, context, body).text;
  const behaviour = text(integration.PassthroughBehavior) ?? 'WHEN_NO_MATCH';
  const none = Object.keys(templates).length === 0;
  const passes = behaviour === 'WHEN_NO_MATCH' || (behaviour === 'WHEN_NO_TEMPLATES' && none);
  return passes ? body : undefined;
}

function integrationResponse(call: MappedCall, context: LocalContext, answer: HttpResponse): HttpResponse {
  const responses = records(call.integration.IntegrationResponses);
  const status = String(answer.status);
  const chosen =
    responses.find(
      ({ SelectionPattern: pattern }) =>
        pattern !== undefined && pattern !== '' && new RegExp(`^(?:${text(pattern)})$`).test(status),
    ) ?? responses.find(({ SelectionPattern: pattern }) => pattern === undefined || pattern === '');
  if (!chosen) throw new IntegrationFailure(`no integration response takes the status ${status} of the service`);
  const template = text(record(chosen.ResponseTemplates)['application/json']);
  const body = String(answer.body ?? '');
  const result = template === undefined ? undefined : mapped(template, call, context, body);
  return {
    status: result?.status ?? Number(chosen.StatusCode),
    headers: {
      'content-type': 'application/json',
      ...literalHeaders(record(chosen.ResponseParameters), 'method.response.header.'),
      ...result?.headers,
    },
    body: result?.text ?? body,
  };
}
