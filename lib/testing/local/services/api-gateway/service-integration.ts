import { header, type HttpRequest, type HttpResponse } from '../../kernel/call';
import type { Caller } from '../../kernel/caller';
import { type JsonObject, recordOf, text, texts } from '../../kernel/json';
import type { LocalContext } from '../../kernel/service';
import { encodedQuery } from './api-request';
import { IntegrationFailure, NotRunHere } from './integration-failure';
import { type IntegrationRequest, withStageVariables } from './integration-request';
import { queryAnswerAsJson } from '../../kernel/query-answer';
import type { IntegratedCall } from './rest-call';

/** `arn:aws:apigateway:eu-west-1:sqs:path/123456789012/Jobs`, or `:action/SendMessage`. */
const URI = /^arn:[^:]+:apigateway:[^:]*:([^:]+):(path|action)\/(.*)$/s;

/** Services whose target header API Gateway sets itself: for `events` and others the integration must map it. */
const TARGETS: Readonly<Record<string, string>> = {
  dynamodb: 'DynamoDB_20120810',
  kinesis: 'Kinesis_20131202',
  states: 'AWSStepFunctions',
};

/** Services that still take operations as forms. */
const QUERY_SERVICES = [
  'autoscaling',
  'cloudformation',
  'ec2',
  'email',
  'iam',
  'monitoring',
  'rds',
  'sns',
  'sqs',
  'sts',
];

const PRINCIPAL = 'apigateway.amazonaws.com';

/** An integration's URI of an AWS service. */
export interface ServiceAddress {
  /** Its signing name: `sqs`. */
  readonly service: string;
  /** Whether the URI has a path of the service or an operation. */
  readonly kind: 'path' | 'action';
  /** The path without its slash, or the operation. */
  readonly rest: string;
}

/** The service that an integration calls; undefined if its URI names none. */
export function serviceAddress(uri: string): ServiceAddress | undefined {
  const [, service, kind, rest = ''] = URI.exec(uri) ?? [];
  return service === undefined ? undefined : { service, kind: kind === 'path' ? 'path' : 'action', rest };
}

/** Why an integration with an AWS service is not run here; undefined if it is. */
export function whyServiceNotRun(
  context: LocalContext,
  { Uri, RequestParameters, RequestTemplates }: JsonObject,
): string | undefined {
  const address = serviceAddress(text(Uri) ?? '');
  if (!address) return `its address '${text(Uri) ?? 'known only at deployment'}' is not understood`;
  const headers = Object.entries((RequestParameters ?? {}) as JsonObject)
    .map(
      ([name, value]) =>
        [/^integration\.request\.header\.(.+)$/.exec(name)?.[1], /^'(.*)'$/s.exec(text(value) ?? '')?.[1]] as const,
    )
    .filter((entry): entry is readonly [string, string] => entry[0] !== undefined && entry[1] !== undefined);
  for (const template of texts(Object.values(recordOf(RequestTemplates)))) headers.push(...headersSetIn(template));
  const request = serviceRequest(address, {
    method: 'POST',
    uri: '',
    headers: new Map(headers),
    query: [],
    body: Buffer.from('{}'),
  });
  // A path alone does not reveal the operation.
  const probe = address.kind === 'action' ? { ...request, sourceIp: '' } : undefined;
  return context.serves(address.service, probe)
    ? undefined
    : `${address.service}${address.kind === 'action' ? `:${address.rest}` : ''} is not served`;
}

/** The headers that a template sets to literal text. */
function headersSetIn(template: string): readonly (readonly [string, string])[] {
  const set = /#set\(\s*\$context\.requestOverride\.header\.([\w-]+)\s*=\s*(['"])([^'"$]*)\2\s*\)/g;
  return [...template.matchAll(set)].map(([, name = '', , value = '']) => [name, value] as const);
}

/**
 * Sends an integration's request to an AWS service, with the integration's role.
 * @param note called with an error from the service
 * @throws IntegrationFailure when API Gateway may not assume the role
 * @throws NotRunHere when the service or its operation is not served here
 */
export async function callService(
  context: LocalContext,
  call: Pick<IntegratedCall, 'integration' | 'request'>,
  request: IntegrationRequest,
  note: (said: string) => void,
): Promise<HttpResponse> {
  const address = serviceAddress(request.uri);
  if (!address) throw new NotRunHere(`the address '${request.uri}' is not understood`);
  const credentials = withStageVariables(text(call.integration.Credentials) ?? '', call);
  if (credentials.includes('*')) throw new NotRunHere('the credentials of the client are not passed on');
  const role = context.assume(credentials, { service: PRINCIPAL });
  if (typeof role === 'string') throw new IntegrationFailure(role);
  const sent = serviceRequest(address, request);
  const answer = await callAs(context, address.service, sent, role);
  if (isNotServed(answer)) throw new NotRunHere(messageIn(answer));
  if (answer.status >= 400) note(`${address.service} answered ${answer.status}: ${String(answer.body ?? '')}`);
  const accept = [...request.headers].find(([name]) => name.toLowerCase() === 'accept')?.[1] ?? '';
  return accept.includes('json') ? queryAnswerAsJson(answer) : answer;
}

/** A call by API Gateway with a role. It has signature headers, which engines require but do not verify. */
export function callAs(
  context: LocalContext,
  service: string,
  request: ServiceRequest,
  role: Caller,
): Promise<HttpResponse> {
  const date = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = `${role.accessKeyId}/${date.slice(0, 8)}/${context.region}/${service}/aws4_request`;
  const signature = [
    ['x-amz-date', date],
    ['authorization', `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`],
  ] as const;
  return context.call(service, { ...request, headers: [...request.headers, ...signature] }, role);
}

/** Whether the local run refused a call as unsupported, in any protocol. */
export function isNotServed({ status, headers, body }: HttpResponse): boolean {
  if (status !== 501) return false;
  return headers?.['x-amzn-errortype'] === 'LocalRunUnsupported' || String(body ?? '').includes('LocalRunUnsupported');
}

/** The message of the local run's refusal. */
export function messageIn({ body }: HttpResponse): string {
  return (
    /"message":"((?:[^"\\]|\\.)*)"|<Message>(.*?)<\/Message>/s
      .exec(String(body ?? ''))
      ?.slice(1)
      .find(Boolean) ?? 'not served here'
  );
}

type ServiceRequest = Pick<HttpRequest, 'method' | 'path' | 'query' | 'headers' | 'body'>;

function serviceRequest({ service, kind, rest }: ServiceAddress, request: IntegrationRequest): ServiceRequest {
  const headers = [...request.headers].map(([name, value]) => [name.toLowerCase(), value] as const);
  const { method, query, body: given } = request;
  const body = ['GET', 'HEAD'].includes(method) ? Buffer.alloc(0) : given;
  if (kind === 'path') {
    const [path = '', own = ''] = rest.split(/\?(.*)/s);
    const all = [own, encodedQuery(query)].filter(Boolean);
    return { method, path: `/${path}`, query: all.join('&'), headers, body };
  }
  const target = Object.hasOwn(TARGETS, service) ? `${TARGETS[service]}.${rest}` : undefined;
  if (target !== undefined || headers.some(([name]) => name === 'x-amz-target')) {
    return { method, path: '/', query: '', headers: asJson(headers, target), body };
  }
  if (!QUERY_SERVICES.includes(service)) return { method, path: '/', query: `Action=${rest}`, headers, body };
  return { method, path: '/', query: '', ...asForm(headers, [['Action', rest], ...query], body) };
}

/** Services with a target header take JSON only under their own media type. */
function asJson(headers: ServiceRequest['headers'], target: string | undefined): ServiceRequest['headers'] {
  const own = headers.find(([name]) => name === 'content-type')?.[1];
  const type = own?.startsWith('application/x-amz-json') === true ? own : 'application/x-amz-json-1.0';
  const kept = headers.filter(
    ([name]) => name !== 'content-type' && !(target !== undefined && name === 'x-amz-target'),
  );
  return [...kept, ['content-type', type], ...(target === undefined ? [] : [['x-amz-target', target] as const])];
}

function asForm(
  headers: ServiceRequest['headers'],
  parameters: readonly (readonly [string, string])[],
  body: Buffer,
): Pick<ServiceRequest, 'headers' | 'body'> {
  const type = 'application/x-www-form-urlencoded';
  const isForm = header({ headers } as HttpRequest, 'content-type')?.startsWith(type) === true;
  const form = new URLSearchParams(isForm ? body.toString() : '');
  for (const [name, value] of parameters) form.set(name, value);
  const kept = headers.filter(([name]) => name !== 'content-type');
  return { headers: [...kept, ['content-type', type]], body: Buffer.from(form.toString()) };
}
