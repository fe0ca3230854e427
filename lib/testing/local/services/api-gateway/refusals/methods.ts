import * as facts from '../../../../../core/facts/api-gateway';
import { type JsonObject, recordOf, records, text, texts } from '../../../kernel/json';
import { amiss, areApart, knownText, knownTexts, lacking, outside, type Part, type Parts, unless } from './parts';
import { parseArn } from '../../../../../core/arn';

/** The methods of a REST API. */
export const VERBS = ['GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'ANY'];
const TYPES = ['HTTP', 'MOCK', 'AWS_PROXY', 'HTTP_PROXY', 'AWS'];
const MODEL = 'AWS::ApiGateway::Model';
/** Models that every REST API has. */
const DEFAULT_MODELS = ['Empty', 'Error'];
const AUTHORIZERS: ReadonlyMap<string, readonly string[]> = new Map([
  ['CUSTOM', ['TOKEN', 'REQUEST']],
  ['COGNITO_USER_POOLS', ['COGNITO_USER_POOLS']],
]);

/** Why API Gateway refuses a method of a REST API. */
export function methodFaults(part: Part, parts: Parts): readonly string[] {
  const { HttpMethod, Integration } = part.given;
  const verb = text(HttpMethod);
  const twice = !part.imported && parts.before(part).some(({ given }) => samePlace(given, part.given));
  return [
    ...amiss(HttpMethod, VERBS, `Invalid HttpMethod specified. Valid options are ${VERBS.join(',')}`),
    ...(verb !== undefined && twice ? ['Method already exists for this resource'] : []),
    ...parameterFaults(part),
    ...(part.imported ? [] : [...authorizationFaults(part, parts), ...referenceFaults(part, parts)]),
    ...integrationFaults(recordOf(Integration), part, parts),
  ];
}

function samePlace(one: JsonObject, other: JsonObject): boolean {
  const place = ({ ResourceId, HttpMethod }: JsonObject) => `${text(ResourceId)} ${text(HttpMethod)}`;
  return one.ResourceId !== null && place(one) === place(other);
}

function authorizationFaults(part: Part, parts: Parts): readonly string[] {
  const { AuthorizationType, AuthorizerId, AuthorizationScopes } = part.given;
  if (AuthorizationType === null) return [];
  const type = text(AuthorizationType) ?? 'NONE';
  const fitting = AUTHORIZERS.get(type);
  const authorizer = parts.named(AuthorizerId, 'AWS::ApiGateway::Authorizer');
  const kind = text(authorizer?.given.Type);
  const isForeign = authorizer !== undefined && areApart(authorizer, part);
  const unfit = kind !== undefined && fitting !== undefined && !fitting.includes(kind);
  return [
    ...(fitting !== undefined && (AuthorizerId === undefined || unfit || isForeign)
      ? [
          'Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.',
        ]
      : []),
    ...(texts(AuthorizationScopes).length > 0 && type !== 'COGNITO_USER_POOLS'
      ? ['Authorization Scopes are only valid for COGNITO_USER_POOLS authorization type']
      : []),
  ];
}

function parameterFaults({ given, imported }: Part): readonly string[] {
  const keys = Object.keys(recordOf(given.RequestParameters));
  const form = /^method\.request\.(?:querystring|path|header|multivaluequerystring|multivalueheader)\.(\S+)$/;
  const single = keys.filter((key) => !key.includes('.multivalue'));
  const names = single.map((key) => form.exec(key)?.[1]).filter((name) => name !== undefined);
  return [
    ...keys.flatMap((key) => unless(form, key, mapping(`Invalid mapping expression parameter specified: ${key}`))),
    ...(!imported && new Set(names).size < names.length
      ? ['Parameter names must be unique across querystring, header and path']
      : []),
  ];
}

/** Models and validators are those of the API. */
function referenceFaults(part: Part, parts: Parts): readonly string[] {
  const { RequestModels, RequestValidatorId } = part.given;
  const api = parts.api(part, 'AWS::ApiGateway::RestApi');
  if (!api || parts.mayHaveMore(api, MODEL)) return [];
  const models = parts
    .beside(part, MODEL)
    .flatMap(({ deployed, given }) => [deployed.ref, ...(given.Name === null ? [null] : [text(given.Name)])]);
  const known = (name: string) => models.includes(null) || models.includes(name) || DEFAULT_MODELS.includes(name);
  const validator = parts.named(RequestValidatorId, 'AWS::ApiGateway::RequestValidator');
  return [
    ...knownTexts(Object.values(recordOf(RequestModels)))
      .filter((name) => !known(name))
      .map((name) => `Invalid model identifier specified: ${name}`),
    ...(validator && areApart(validator, part) ? ['Invalid Request Validator identifier specified'] : []),
  ];
}

function integrationFaults(integration: JsonObject, part: Part, parts: Parts): readonly string[] {
  const { Type, IntegrationHttpMethod, ConnectionType, ConnectionId, CacheKeyParameters } = integration;
  const type = text(Type);
  return [
    ...amiss(Type, TYPES, `the integration's type is one of ${TYPES.join(', ')}, got '${type}'`),
    ...(type !== undefined && TYPES.includes(type) && type !== 'MOCK'
      ? [
          ...lacking(IntegrationHttpMethod, 'Enumeration value for HttpMethod must be non-empty'),
          ...uriFaults(type, integration),
        ]
      : []),
    ...(ConnectionType === 'VPC_LINK'
      ? lacking(
          ConnectionId,
          'ConnectionId should be set to the vpcLinkId or stage variable on connection type VPC_LINK',
        )
      : []),
    ...timeoutFaults(integration, part, parts),
    ...requestMappingFaults(integration, part),
    ...texts(CacheKeyParameters)
      .filter((name) => name.startsWith('method.') && !isDeclared(name, part))
      .map(() => 'Invalid cache key parameter specified'),
    ...responseFaults(integration, part),
  ];
}

function uriFaults(type: string, { Uri, Credentials }: JsonObject): readonly string[] {
  if (type === 'HTTP' || type === 'HTTP_PROXY') {
    return [
      ...lacking(Uri, 'Invalid integration URI specified'),
      ...unless(/^https?:\/\//, Uri, 'Invalid HTTP endpoint specified for URI'),
    ];
  }
  const uri = knownText(Uri);
  if (uri !== undefined && !/^arn:[^:]*:apigateway:[^:]*:[^:]*:(path|action)\//.test(uri)) {
    return [uri.startsWith('arn:') ? PATH_OR_ACTION : 'Invalid ARN specified in the request'];
  }
  const service = (uri === undefined ? undefined : parseArn(uri))?.account.split('.').at(-1);
  return [
    ...lacking(Uri, 'Invalid ARN specified in the request'),
    ...unless(/^arn:/, Credentials, 'Invalid ARN specified in the request'),
    ...(type === 'AWS_PROXY' && service !== undefined && !['lambda', 'firehose'].includes(service)
      ? ["Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations."]
      : []),
    ...(type === 'AWS' && service !== undefined && service !== 'lambda'
      ? lacking(Credentials, 'Role ARN must be specified for AWS integrations')
      : []),
  ];
}

const PATH_OR_ACTION = 'AWS ARN for integration must contain path or action';

/** The longest may be raised for Regional and private APIs, and is longer for streams. */
function timeoutFaults(integration: JsonObject, part: Part, parts: Parts): readonly string[] {
  const api = parts.api(part, 'AWS::ApiGateway::RestApi')?.given;
  const configuration = api?.EndpointConfiguration;
  const types = configuration === undefined ? ['EDGE'] : texts(recordOf(configuration).Types);
  const streams = integration.ResponseTransferMode !== undefined && integration.ResponseTransferMode !== 'BUFFERED';
  const fixed = api !== undefined && types.includes('EDGE') && !streams;
  const most = facts.restIntegrationTimeout.value * 1000;
  const range = { min: facts.leastIntegrationTimeout.value, max: fixed ? most : Infinity };
  return outside(integration.TimeoutInMillis, range, `Timeout should be between ${range.min} ms and ${most} ms`);
}

function requestMappingFaults({ RequestParameters }: JsonObject, part: Part): readonly string[] {
  return Object.values(recordOf(RequestParameters)).flatMap((value) => {
    const source = knownText(value);
    if (source === undefined) return [];
    if (!/^('|method\.request\.|context\.|stageVariables\.)/.test(source)) return [mapping(`${NO_SOURCE}: ${source}`)];
    const named = /^method\.request\.(header|querystring|path)\.\S+$/.test(source);
    return named && !isDeclared(source, part)
      ? [mapping(`Invalid mapping expression parameter specified: ${source}`)]
      : [];
  });
}

/** Whether a method declares a parameter, with one value or several; true if its parameters are not known. */
function isDeclared(name: string, { given: { RequestParameters } }: Part): boolean {
  const declared = Object.keys(recordOf(RequestParameters)).map((key) => key.replace('.multivalue', '.'));
  return RequestParameters === null || declared.includes(name.replace('.multivalue', '.'));
}

const NO_SOURCE = 'Invalid mapping expression specified';
const RESPONSE_SOURCE = /^('|integration\.response\.|method\.request\.|context\.|stageVariables\.)/;

/** A mapped header must be declared by the method response of its status. */
function responseFaults({ IntegrationResponses }: JsonObject, { given, imported }: Part): readonly string[] {
  const responses = records(given.MethodResponses);
  // Those of documents are not read.
  const unread = imported || given.MethodResponses === null || responses.some(({ StatusCode }) => StatusCode === null);
  return records(IntegrationResponses).flatMap(({ StatusCode, ResponseParameters, SelectionPattern }) => {
    const entries = Object.entries(recordOf(ResponseParameters));
    const status = text(StatusCode);
    const response = responses.find((one) => text(one.StatusCode) === status);
    const declared = Object.keys(recordOf(response?.ResponseParameters));
    const open = unread || status === undefined || response?.ResponseParameters === null;
    return [
      ...(isUnbalanced(text(SelectionPattern) ?? '') ? ['Invalid regex pattern specified'] : []),
      ...entries.flatMap(([, value]) => unless(RESPONSE_SOURCE, value, mapping(`${NO_SOURCE}: ${text(value)}`))),
      ...(open || entries.length === 0
        ? []
        : response === undefined
          ? [mapping('No method response exists for method.')]
          : entries
              .filter(([name]) => !declared.includes(name))
              .map(([name]) => mapping(`Invalid mapping expression parameter specified: ${name}`))),
    ];
  });
}

/** Java's expressions are not JavaScript's, so only brackets without their counterpart are wrong for certain. */
function isUnbalanced(pattern: string): boolean {
  const plain = pattern.replace(/\\Q.*?(\\E|$)|\\./gs, '').replace(/\[\^?\]?[^\]]*\]/g, '');
  return plain.split('(').length !== plain.split(')').length || plain.includes('[');
}

function mapping(error: string): string {
  return `Invalid mapping expression specified: Validation Result: warnings : [], errors : [${error}]`;
}
