import { header } from '../../kernel/call';
import { recordOf, text } from '../../kernel/json';
import { named } from './api-request';
import { type BinaryTypes, converted } from './binary-types';
import { IntegrationFailure } from './integration-failure';
import { applyTemplate, overrides } from './mapping-template';
import { requestParameters } from './parameter-mapping';
import type { IntegratedCall } from './rest-call';

/** A request from a REST API to its integration. */
export interface IntegrationRequest {
  /** The method of the integration. */
  readonly method: string;
  /** Its URI, with every variable filled in. */
  readonly uri: string;
  /** Names as written in the mapping. */
  readonly headers: ReadonlyMap<string, string>;
  /** The query, apart from the URI's own. */
  readonly query: readonly (readonly [string, string])[];
  readonly body: Buffer;
}

/** What an integration works with. */
export interface IntegrationTools {
  /** The binary types of the API. */
  readonly binary: BinaryTypes;
  /** Writes a notice for people. */
  readonly note: (said: string) => void;
}

/** Headers that no mapping may set. */
const ILLEGAL = ['content-length', 'transfer-encoding', 'x-amzn-trace-id', 'x-amzn-apigateway-api-id'];
/** Nor for AWS services. */
const ILLEGAL_FOR_AWS = ['authorization', 'connection', 'expect', 'proxy-authenticate', 'te'];
/** Headers that are always dropped. */
const DROPPED = ['expect', 'proxy-authenticate', 'te'];

/**
 * The request that a non-proxy integration gets; undefined if the media type is refused.
 * @throws IntegrationFailure, BadRequestBody, NotRunHere as its mappings do
 */
export function integrationRequest(
  call: IntegratedCall,
  { binary, note }: IntegrationTools,
): IntegrationRequest | undefined {
  const { integration, request } = call;
  const template = requestTemplate(call);
  if (template === undefined) return undefined;
  const parameters = requestParameters(call);
  const isBinary = binary.has(header(request.http, 'content-type'));
  const body = converted(request.http.body, isBinary, integration.ContentHandling, !isBinary);
  const made = template === '' ? body : applyTemplate(template, call, textOf(body), note);
  const headers = new Map([...parameters.header, ...single(overrides(call, 'requestOverride', 'header'))]);
  checkHeaders(headers, integration.Type === 'AWS');
  const query = new Map([...parameters.querystring, ...overrides(call, 'requestOverride', 'querystring')]);
  const path = new Map([...parameters.path, ...single(overrides(call, 'requestOverride', 'path'))]);
  return {
    method: integrationMethod(call),
    uri: filledUri(call, path),
    headers: withDefaults(headers, call),
    query: [...query].flatMap(([name, values]) => values.map((value) => [name, value] as const)),
    body: Buffer.from(made),
  };
}

/** The method of an integration; the request's if it is unset or `ANY`. */
export function integrationMethod({ integration, request }: IntegratedCall): string {
  const method = text(integration.IntegrationHttpMethod) ?? 'ANY';
  return method === 'ANY' ? request.http.method : method;
}

/** A URI with its parameters and stage variables filled in; a missing variable is empty. */
export function filledUri(call: IntegratedCall, path: ReadonlyMap<string, string>): string {
  const filled = (text(call.integration.Uri) ?? '').replace(
    /(?<!\$)\{([^{}]+)\}/g,
    (whole, name: string) => path.get(name) ?? whole,
  );
  return withStageVariables(filled, call);
}

/** A string with `${stageVariables.x}` replaced. */
export function withStageVariables(source: string, { request }: Pick<IntegratedCall, 'request'>): string {
  return source.replace(
    /\$\{stageVariables\.([^}]+)\}/g,
    (_, name: string) => named(request.stageVariables, name) ?? '',
  );
}

/** The template for a media type; empty if the body passes through, undefined if it is refused. */
function requestTemplate({ integration, request }: IntegratedCall): string | undefined {
  const templates = recordOf(integration.RequestTemplates);
  const type = (header(request.http, 'content-type') ?? 'application/json').split(';')[0]!.trim().toLowerCase();
  const template = text(named(templates, type)) ?? text(named(templates, '$default'));
  if (template !== undefined) return template;
  const behaviour = text(integration.PassthroughBehavior) ?? 'WHEN_NO_MATCH';
  const none = Object.keys(templates).length === 0;
  return behaviour === 'WHEN_NO_MATCH' || (behaviour === 'WHEN_NO_TEMPLATES' && none) ? '' : undefined;
}

function textOf(body: Buffer | string): string {
  if (typeof body === 'string') return body;
  throw new IntegrationFailure("a template cannot map a binary body; set 'contentHandling' to CONVERT_TO_TEXT");
}

function checkHeaders(headers: ReadonlyMap<string, string>, forAws: boolean): void {
  const illegal = forAws ? [...ILLEGAL, ...ILLEGAL_FOR_AWS] : ILLEGAL;
  const found = [...headers.keys()].find((name) => illegal.includes(name.toLowerCase()));
  if (found !== undefined) throw new IntegrationFailure(`no mapping may set the header '${found}'`);
}

function withDefaults(headers: ReadonlyMap<string, string>, { request }: IntegratedCall): ReadonlyMap<string, string> {
  const sent = new Map([...headers].filter(([name]) => !DROPPED.includes(name.toLowerCase())));
  const has = (name: string) => [...sent.keys()].some((known) => known.toLowerCase() === name);
  const type = header(request.http, 'content-type');
  if (!has('accept')) sent.set('Accept', 'application/json');
  if (!has('user-agent')) sent.set('User-Agent', `AmazonAPIGateway_${request.apiId}`);
  if (!has('content-type') && type !== undefined && !['GET', 'HEAD', 'OPTIONS'].includes(request.http.method)) {
    sent.set('Content-Type', type);
  }
  return sent;
}

function single(lists: ReadonlyMap<string, readonly string[]>): readonly (readonly [string, string])[] {
  return [...lists].map(([name, values]) => [name, values.join(',')] as const);
}
