import { header } from '../../../kernel/call';
import { type JsonObject, recordOf, text } from '../../../kernel/json';
import type { LocalContext } from '../../../kernel/service';
import { named } from '../api-request';
import { NotRunHere } from '../integration-failure';
import { type IntegrationRequest, withStageVariables } from '../integration-request';
import { callFunction, callsFunction } from '../lambda-integration';
import { lambdaArn } from '../lambda-target';
import { applyTemplate, overrides, withOverrides } from '../mapping-template';
import type { IntegratedCall } from '../rest-call';
import { callService, whyServiceNotRun } from '../service-integration';
import { mapOf } from '../vtl/values';
import type { Connection } from './connection';
import { type SocketEvent, socketContext } from './events';
import type { SocketRoute } from './routes';

type MappedCall = Pick<IntegratedCall, 'request' | 'parameters' | 'context' | 'integration' | 'source'>;

/** What an integration of type `AWS` answered; the status is that of a refusal where its function failed. */
export interface MappedAnswer {
  readonly status: number;
  readonly body: string;
}

/**
 * Calls a function or an AWS service with a request that a template makes of the event.
 * @param source the ARN of the route
 * @param note writes a notice for people
 * @throws IntegrationFailure, BadRequestBody, NotRunHere as those of REST APIs do
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-data-transformations.html
 */
export async function callMapped(
  context: LocalContext,
  { integration }: SocketRoute,
  {
    connection,
    event,
    body = '',
    source,
  }: { connection: Connection; event: SocketEvent; body?: string; source: string },
  note: (said: string) => void,
): Promise<MappedAnswer> {
  const { request } = connection;
  const bare = { ...request, http: { ...request.http, headers: [], writtenNames: [], query: '' } };
  const call: MappedCall = {
    request: event.eventType === 'CONNECT' ? request : bare,
    parameters: {},
    context: withOverrides(mapOf(socketContext(connection, event))),
    integration: { Credentials: integration.CredentialsArn },
    source,
  };
  const template = templateOf(integration);
  const made = template === undefined ? body : applyTemplate(template, call, body, note);
  const sent: IntegrationRequest = {
    method: text(integration.IntegrationMethod) ?? 'POST',
    uri: withStageVariables(text(integration.IntegrationUri) ?? '', call),
    ...parametersOf(integration, call),
    body: Buffer.from(made),
  };
  if (!callsFunction(sent.uri)) {
    const { status, body: answered = '' } = await callService(context, call, sent, note);
    return { status, body: String(answered) };
  }
  const { answer, selection } = await callFunction(context, call, sent);
  return { status: selection === '' ? answer.status : 502, body: String(answer.body ?? '') };
}

/** Why an integration of type `AWS` is not run; undefined if it is. */
export function whyMappedNotRun(context: LocalContext, { integration, responds }: SocketRoute): string | undefined {
  const uri = text(integration.IntegrationUri) ?? '';
  const lambda = callsFunction(uri) ? lambdaArn(uri) : undefined;
  if (lambda !== undefined && !context.functions.target(lambda)) return `its function '${lambda}' is in no template`;
  const { RequestParameters, RequestTemplates } = integration;
  const unread = Object.values(recordOf(RequestParameters)).find((value) => !READ.test(text(value) ?? ''));
  if (unread !== undefined) return `its parameter '${text(unread)}' is not read`;
  if (responds && mapsAnswers(context, integration))
    return 'response templates are not run: the answer is passed on as it is';
  return lambda === undefined
    ? whyServiceNotRun(context, { Uri: uri, RequestParameters, RequestTemplates })
    : undefined;
}

function mapsAnswers({ deployment }: LocalContext, integration: JsonObject): boolean {
  return deployment
    .ofType('AWS::ApiGatewayV2::IntegrationResponse')
    .some(
      ({ properties: { ApiId, IntegrationId, ResponseTemplates } }) =>
        ApiId === integration.ApiId &&
        Object.keys(recordOf(ResponseTemplates)).length > 0 &&
        deployment
          .ofType('AWS::ApiGatewayV2::Integration')
          .some(({ ref, properties }) => ref === IntegrationId && properties === integration),
    );
}

/** The template that the selection expression names; undefined if the message is passed on. */
function templateOf({ RequestTemplates, TemplateSelectionExpression }: JsonObject): string | undefined {
  const templates = recordOf(RequestTemplates);
  const key = (text(TemplateSelectionExpression) ?? '').replace(/^\\/, '');
  return text(named(templates, key)) ?? text(named(templates, '$default'));
}

/** A literal, or a value of the event. */
const READ = /^('.*'|context\.[\w.]+|stageVariables\.\w+|route\.request\.(querystring|header)\.[\w-]+)$/s;

function parametersOf(
  { RequestParameters }: JsonObject,
  call: MappedCall,
): Pick<IntegrationRequest, 'headers' | 'query'> {
  const all = Object.entries(recordOf(RequestParameters)).map(([target, value]) => {
    const [, place, name = ''] = /^integration\.request\.(header|querystring)\.(.+)$/.exec(target) ?? [];
    if (place === undefined) throw new NotRunHere(`its parameter '${target}' is not set`);
    return { place, name, value: valueOf(text(value) ?? '', call) };
  });
  const own = (place: string) =>
    all.filter((one) => one.place === place).map(({ name, value }) => [name, value] as const);
  const set = [...overrides(call, 'requestOverride', 'header')].map(
    ([name, values]) => [name, values.join(',')] as const,
  );
  return { headers: new Map([...own('header'), ...set]), query: own('querystring') };
}

function valueOf(source: string, { request, context }: MappedCall): string {
  if (!READ.test(source)) throw new NotRunHere(`its parameter '${source}' is not read`);
  if (source.startsWith("'")) return source.slice(1, -1);
  const [kind, ...rest] = source.split('.');
  const name = rest.at(-1)!;
  if (kind === 'context') return String(context.get(rest.join('.')) ?? '');
  if (kind === 'stageVariables') return named(request.stageVariables, name) ?? '';
  if (rest[1] === 'header') return header(request.http, name.toLowerCase()) ?? '';
  return new URLSearchParams(request.http.query).get(name) ?? '';
}
