import * as facts from '../../../../../core/facts/api-gateway';
import { number, text } from '../../../kernel/json';
import { amiss, knownTexts, lacking, outside, type Part, unless } from './parts';

const TYPES = ['TOKEN', 'REQUEST', 'COGNITO_USER_POOLS'];
const NAME = '[a-zA-Z0-9._-]+';
const HEADER = new RegExp(`^method\\.request\\.header\\.${NAME}$`);
const SOURCE = new RegExp(`^(method\\.request\\.(querystring|header)|stageVariables|context)\\.${NAME}$`);
/** Seconds for which a REST API remembers a verdict, unless an authorizer says otherwise. */
const DEFAULT_TTL = 300;
export const TTL_FAULT = 'Authorizer result TTL outside allowable range. TTL must be between 0 and 3600 seconds.';

/** Why API Gateway refuses an authorizer of a REST API. */
export function authorizerFaults({ given, imported }: Part): readonly string[] {
  const { Type, Name, ProviderARNs, AuthorizerUri, AuthorizerCredentials, AuthorizerResultTtlInSeconds } = given;
  const type = text(Type);
  return [
    ...lacking(Type, `Type is one of ${TYPES.join(', ')}`),
    ...amiss(Type, TYPES, `Type is one of ${TYPES.join(', ')}, got '${type}'`),
    ...(imported ? [] : lacking(Name, 'Name is required')),
    ...outside(AuthorizerResultTtlInSeconds, facts.authorizerTtl.value, TTL_FAULT),
    ...unless(/^arn:/, AuthorizerCredentials, 'Invalid ARN specified in the request'),
    ...(type === 'COGNITO_USER_POOLS' ? lacking(ProviderARNs, 'ProviderARNs cannot be empty') : []),
    ...(type === 'TOKEN' || type === 'REQUEST' ? uriFaults(AuthorizerUri) : []),
    ...sourceFaults(type, given.IdentitySource, AuthorizerResultTtlInSeconds),
  ];
}

function uriFaults(uri: unknown): readonly string[] {
  return [
    ...lacking(uri, 'AuthorizerUri is a required field in an Authorizer'),
    ...unless(
      /^arn:[^:]*:apigateway:[^:]*:lambda:path\//,
      uri,
      `Invalid Authorizer URI: ${text(uri)}. Authorizer URI should be a valid API Gateway ARN that represents a Lambda function invocation.`,
    ),
  ];
}

function sourceFaults(type: string | undefined, source: unknown, ttl: unknown): readonly string[] {
  const given = knownTexts(source).join(',');
  if (type === 'TOKEN') {
    return [
      ...lacking(source, 'IdentitySource cannot be empty'),
      ...unless(
        HEADER,
        source === '' ? undefined : source,
        `Invalid token source expression: ${given}. The source must be a method request header, matching 'method.request.header.[a-zA-Z0-9._-]+'.`,
      ),
    ];
  }
  if (type !== 'REQUEST') return [];
  const caches = ttl !== null && (number(ttl) ?? DEFAULT_TTL) > 0;
  const sources = given.split(',').map((one) => one.trim());
  return [
    ...(caches ? lacking(source, 'IdentitySource is required where verdicts are cached: set it, or a TTL of 0') : []),
    ...sources
      .filter((one) => one !== '' && !SOURCE.test(one))
      .map(
        (one) =>
          `Invalid request identity source expression: ${one}. The sources must be separated by comma, and each source must be either a method request parameter, matching 'method.request.querystring|header.[a-zA-Z0-9._-]+', or a stage variable, or a context parameter`,
      ),
  ];
}
