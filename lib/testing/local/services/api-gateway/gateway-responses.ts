import { header, type HttpResponse } from '../../kernel/call';
import type { Deployed } from '../../kernel/deployment';
import { type JsonObject, number, recordOf, text } from '../../kernel/json';
import { type ApiRequest, grouped, named, writtenHeaders } from './api-request';
import { contextValue } from './parameter-mapping';
import { requestContext } from './request-context';

/** An error that a REST API itself returns, by gateway response type. */
export interface GatewayError {
  /** `THROTTLED`, `UNAUTHORIZED`, ... */
  readonly type: string;
  /** The status, unless the API chooses another. */
  readonly status: number;
  /** The message; null as on AWS if an authorizer fails. */
  readonly message: string | null;
  /** The value of the header `x-amzn-errortype`. */
  readonly errorType: string;
  /** `Message` if AWS capitalizes it. */
  readonly field?: 'message' | 'Message';
}

const error = (type: string, status: number, message: string | null, errorType: string): GatewayError => ({
  type,
  status,
  message,
  errorType,
});

/**
 * The errors that a REST API returns.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
export const GATEWAY_ERRORS = {
  noSuchMethod: error(
    'MISSING_AUTHENTICATION_TOKEN',
    403,
    'Missing Authentication Token',
    'MissingAuthenticationTokenException',
  ),
  unauthorized: error('UNAUTHORIZED', 401, 'Unauthorized', 'UnauthorizedException'),
  invalidSignature: error(
    'INVALID_SIGNATURE',
    403,
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
    'InvalidSignatureException',
  ),
  denied: {
    ...error('ACCESS_DENIED', 403, 'User is not authorized to access this resource', 'AccessDeniedException'),
    field: 'Message',
  },
  authorizerFailed: error('AUTHORIZER_FAILURE', 500, null, 'AuthorizerConfigurationException'),
  authorizerMisconfigured: error('AUTHORIZER_CONFIGURATION_ERROR', 500, null, 'AuthorizerConfigurationException'),
  invalidApiKey: error('INVALID_API_KEY', 403, 'Forbidden', 'ForbiddenException'),
  throttled: error('THROTTLED', 429, 'Too Many Requests', 'TooManyRequestsException'),
  overQuota: error('QUOTA_EXCEEDED', 429, 'Limit Exceeded', 'LimitExceededException'),
  badRequest: error('DEFAULT_4XX', 400, 'Bad Request', 'BadRequestException'),
  badBody: error('BAD_REQUEST_BODY', 400, 'Invalid request body', 'BadRequestException'),
  badParameters: error('BAD_REQUEST_PARAMETERS', 400, 'Missing required request parameters', 'BadRequestException'),
  unsupportedMedia: error('UNSUPPORTED_MEDIA_TYPE', 415, 'Unsupported Media Type', 'UnsupportedMediaTypeException'),
  tooLarge: error('REQUEST_TOO_LARGE', 413, 'Request Too Long', 'RequestTooLargeException'),
  timeout: error('INTEGRATION_TIMEOUT', 504, 'Endpoint request timed out', 'InternalServerErrorException'),
  networkError: error(
    'INTEGRATION_FAILURE',
    504,
    'Network error communicating with endpoint',
    'InternalServerErrorException',
  ),
  misconfigured: error('API_CONFIGURATION_ERROR', 500, 'Internal server error', 'InternalServerErrorException'),
  badAnswer: error('DEFAULT_5XX', 502, 'Internal server error', 'InternalServerErrorException'),
} as const satisfies Readonly<Record<string, GatewayError>>;

/** The error responses of a REST API: its customised ones, or else AWS's. */
export class GatewayResponses {
  /** @param responses the `AWS::ApiGateway::GatewayResponse`s of the API */
  constructor(private readonly responses: readonly Deployed[]) {}

  /** The response to an error. Its templates are plain text with variables, not Velocity. */
  of(failure: GatewayError, request: ApiRequest): HttpResponse {
    const chosen = this.ofType(failure.type) ?? this.ofType(failure.status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX');
    const properties = chosen?.properties ?? {};
    const templates = recordOf(properties.ResponseTemplates);
    const [first = 'application/json'] = Object.keys(templates);
    const wanted = [header(request.http, 'accept') ?? '', 'application/json'];
    const mediaType = wanted.find((one) => text(named(templates, one)) !== undefined) ?? first;
    const template =
      text(named(templates, mediaType)) ?? `{"${failure.field ?? 'message'}":$context.error.messageString}`;
    const values = variablesOf(failure, request);
    return {
      status: number(properties.StatusCode) ?? failure.status,
      headers: {
        'content-type': mediaType,
        'x-amzn-requestid': request.requestId,
        'x-amzn-errortype': failure.errorType,
        ...headersOf(recordOf(properties.ResponseParameters), request, values),
      },
      body: template
        .replace(/\$context\.([\w.]*\w)/g, (_, path: string) => contextValue(values, path) ?? '')
        .replace(/\$stageVariables\.([\w.-]*\w)/g, (_, name: string) => named(request.stageVariables, name) ?? ''),
    };
  }

  private ofType(type: string): Deployed | undefined {
    return this.responses.find(({ properties }) => properties.ResponseType === type);
  }
}

function variablesOf({ type, message }: GatewayError, request: ApiRequest): JsonObject {
  const error = {
    message: message ?? '',
    messageString: JSON.stringify(message),
    responseType: type,
    validationErrorString: '',
  };
  return { ...requestContext(request, { resource: '', resourceId: '' }), error };
}

/** `'gatewayresponse.header.Vary': "'Origin'"`, or part of the request. */
function headersOf(mapping: JsonObject, request: ApiRequest, values: JsonObject): Record<string, string> {
  const found = Object.entries(mapping).flatMap(([target, from]) => {
    const name = /^gatewayresponse\.header\.(.+)$/.exec(target)?.[1];
    const value = valueFrom(text(from) ?? '', request, values);
    return name === undefined || value === undefined ? [] : [[name.toLowerCase(), value] as const];
  });
  return Object.fromEntries(found);
}

function valueFrom(source: string, request: ApiRequest, values: JsonObject): string | undefined {
  const [, literal, place, name = ''] =
    /^(?:'(.*)'|(method\.request\.header|method\.request\.querystring|context|stageVariables)\.(.+))$/s.exec(source) ??
    [];
  if (literal !== undefined) return literal;
  switch (place) {
    case 'method.request.header':
      return named(grouped(writtenHeaders(request)), name)?.at(-1);
    case 'method.request.querystring':
      return new URLSearchParams(request.http.query).getAll(name).at(-1);
    case 'context':
      return contextValue(values, name);
    case 'stageVariables':
      return named(request.stageVariables, name);
    default:
      return undefined;
  }
}
