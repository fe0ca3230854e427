import type { HttpResponse } from '../../kernel/call';
import type { Deployed } from '../../kernel/deployment';
import { number, record, text } from '../../kernel/json';

/** An error of a REST API itself, by its gateway response type. */
export interface GatewayError {
  /** `THROTTLED`, `UNAUTHORIZED`, ... */
  readonly type: string;
  /** The status, unless the API chooses another. */
  readonly status: number;
  /** The message; null is what AWS says of an authorizer that fails. */
  readonly message: string | null;
  /** The name in the header `x-amzn-errortype`. */
  readonly errorType: string;
  /** `Message` where AWS writes it with a capital letter. */
  readonly field?: 'message' | 'Message';
}

const error = (type: string, status: number, message: string | null, errorType: string): GatewayError => ({
  type,
  status,
  message,
  errorType,
});

/**
 * The errors that a REST API answers with.
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
  badBody: error('BAD_REQUEST_BODY', 400, 'Invalid request body', 'BadRequestException'),
  badParameters: error('BAD_REQUEST_PARAMETERS', 400, 'Missing required request parameters', 'BadRequestException'),
  unsupportedMedia: error('UNSUPPORTED_MEDIA_TYPE', 415, 'Unsupported Media Type', 'UnsupportedMediaTypeException'),
  tooLarge: error('REQUEST_TOO_LARGE', 413, 'Request Too Long', 'RequestTooLargeException'),
  timeout: error('INTEGRATION_TIMEOUT', 504, 'Endpoint request timed out', 'InternalServerErrorException'),
  misconfigured: error('API_CONFIGURATION_ERROR', 500, 'Internal server error', 'InternalServerErrorException'),
  badAnswer: error('DEFAULT_5XX', 502, 'Internal server error', 'InternalServerErrorException'),
} as const satisfies Readonly<Record<string, GatewayError>>;

/** How one REST API words its own errors: as it customised them, or as AWS does. */
export class GatewayResponses {
  /** @param responses the `AWS::ApiGateway::GatewayResponse`s of the API */
  constructor(private readonly responses: readonly Deployed[]) {}

  /** The answer for an error. */
  of(failure: GatewayError, requestId: string): HttpResponse {
    const chosen = this.ofType(failure.type) ?? this.ofType(failure.status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX');
    const properties = chosen?.properties ?? {};
    const template = text(record(properties.ResponseTemplates)['application/json']);
    const body = template ?? `{"${failure.field ?? 'message'}":$context.error.messageString}`;
    return {
      status: number(properties.StatusCode) ?? failure.status,
      headers: {
        'content-type': 'application/json',
        'x-amzn-requestid': requestId,
        'x-amzn-errortype': failure.errorType,
        ...literalHeaders(record(properties.ResponseParameters), 'gatewayresponse.header.'),
      },
      body: body
        .replaceAll('$context.error.messageString', JSON.stringify(failure.message))
        .replaceAll('$context.error.message', failure.message ?? '')
        .replaceAll('$context.error.responseType', failure.type)
        .replaceAll('$context.requestId', requestId),
    };
  }

  private ofType(type: string): Deployed | undefined {
    return this.responses.find(({ properties }) => properties.ResponseType === type);
  }
}

/** Headers that a mapping sets to a literal: `'method.response.header.Vary': "'Origin'"`. */
export function literalHeaders(mapping: Readonly<Record<string, unknown>>, prefix: string): Record<string, string> {
  const found = Object.entries(mapping)
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, value]) => [name.slice(prefix.length).toLowerCase(), /^'(.*)'$/.exec(text(value) ?? '')?.[1]] as const)
    .filter((entry): entry is readonly [string, string] => entry[1] !== undefined);
  return Object.fromEntries(found);
}
