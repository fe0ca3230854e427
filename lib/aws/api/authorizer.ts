import type { Function } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Check } from '../../core/check/check';
import { filled, list, needed, object, text } from '../../core/check/kinds';
import type { Kind } from '../../core/check/shape';
import { audiencesPerAuthorizer, httpAuthorizerTimeout } from '../../core/facts/api-gateway';
import { functionInstead } from '../handler-settings';
import type { ApiKind } from './route-key';
import { SCOPES, scopeChecks, USER_POOL, type UserPoolAuthorizer, userPoolChecks } from './user-pool';

/** Issuer and audience of the JSON Web Tokens that callers send as `Authorization: Bearer ...`. */
export interface JwtIssuer {
  /** The issuer, an `https://` URL under which API Gateway finds the OpenID configuration. */
  readonly issuer: string;
  /** Accepted audiences, compared with the token's `aud` or `client_id`. 1 to 50. */
  readonly audience: readonly string[];
  /**
   * Scopes of which a token needs at least one: `'orders/read'`.
   * @default - none
   */
  readonly scopes?: readonly string[];
}

/**
 * Who may call a route:
 * - `'none'`: anyone. Rule packs are told that the team chose so.
 * - `'iam'`: principals that IAM allows `execute-api:Invoke`; requests are signed.
 * - `{ issuer, audience }`: holders of a token from this issuer. HTTP APIs only.
 * - `{ userPool, clients, scopes }`: users of a Cognito user pool.
 * - a function: whoever it admits. It sees every request, and its answers are not cached, so that an answer for one
 *   request never admits another. For an HTTP API it returns `{ isAuthorized }`, for a REST API an IAM policy.
 */
export type ApiAuthorizer = 'none' | 'iam' | JwtIssuer | UserPoolAuthorizer | Function;

const ISSUER = object<JwtIssuer>(
  {
    issuer: needed(
      text('https://login.example.com'),
      "use the issuer's URL exactly as in the claim 'iss' of its tokens",
      "must start with 'https://'",
    ),
    audience: needed(list(filled('shop'), "['shop']"), "name the audiences in the claim 'aud' of its tokens: ['shop']"),
    scopes: SCOPES,
  },
  "{ issuer: 'https://login.example.com', audience: ['shop'] }",
  { jwtAudience: "write 'audience'", jwtIssuer: "write 'issuer'" },
);

const RULE = "must be 'none', 'iam', { issuer, audience }, { userPool } or a function";

/** Who may call. */
export const AUTHORIZER: Kind = {
  rule: RULE,
  remedy: (value) =>
    typeof value === 'object' && value !== null && 'userPoolId' in value
      ? 'write { userPool, clients: [client] }'
      : (functionInstead(value) ?? "say who may call; 'none' means anyone"),
  is: (value) =>
    value === 'none' ||
    value === 'iam' ||
    ISSUER.is(value) ||
    (typeof value === 'object' && value !== null && 'functionArn' in value && 'runtime' in value),
  inside: (value: object, prop) => {
    if (!ISSUER.is(value)) return [];
    const kind = 'userPool' in value ? USER_POOL : ISSUER;
    return kind.inside?.(value as never, prop) ?? [];
  },
};

/** Whether the authorizer is an issuer of tokens. */
export function isJwtIssuer(authorizer: ApiAuthorizer): authorizer is JwtIssuer {
  return typeof authorizer === 'object' && 'issuer' in authorizer;
}

/** Whether the authorizer is a user pool. */
export function isUserPool(authorizer: ApiAuthorizer): authorizer is UserPoolAuthorizer {
  return typeof authorizer === 'object' && 'userPool' in authorizer;
}

function isFunction(authorizer: ApiAuthorizer): authorizer is Function {
  return Construct.isConstruct(authorizer);
}

/** Checks of an authorizer; `prop` is where it is written. */
export function authorizerChecks(kind: ApiKind, prop: string, authorizer: ApiAuthorizer | undefined): Check[] {
  if (!authorizer || typeof authorizer === 'string') return [keyword(prop, authorizer)];
  if (isJwtIssuer(authorizer)) return jwtChecks(kind, prop, authorizer);
  if (isUserPool(authorizer)) return userPoolChecks(kind, prop, authorizer);
  return isFunction(authorizer) ? functionChecks(kind, prop, authorizer) : [keyword(prop, authorizer)];
}

function keyword(prop: string, value: unknown): Check {
  return {
    prop,
    value,
    valid: () => value === 'none' || value === 'iam',
    rule: RULE,
    remedy: "say who may call; 'none' means anyone",
  };
}

function jwtChecks(kind: ApiKind, prop: string, { issuer, audience, scopes }: JwtIssuer): Check[] {
  const { value: most } = audiencesPerAuthorizer;
  return [
    {
      prop,
      value: issuer,
      valid: () => kind === 'http',
      rule: "must not be { issuer, audience } with kind 'rest', which supports no issuers but Cognito user pools",
      remedy: "write { userPool } if it is one, set 'kind' to 'http', or pass a function that verifies the token",
    },
    {
      prop: `${prop}.issuer`,
      value: issuer,
      valid: () => issuer.startsWith('https://'),
      rule: "must start with 'https://'",
      remedy: "use the issuer's URL exactly as in the claim 'iss' of its tokens",
    },
    {
      prop: `${prop}.audience`,
      value: audience,
      valid: () => audience.length >= 1 && audience.length <= most,
      rule: `must have 1 to ${most} audiences`,
      remedy: "name the audiences in the claim 'aud' of its tokens",
    },
    ...scopeChecks(kind, prop, scopes),
  ];
}

function functionChecks(kind: ApiKind, prop: string, { timeout }: Function): Check[] {
  const { value: limit } = httpAuthorizerTimeout;
  return [
    {
      prop,
      value: timeout,
      valid: () => kind === 'rest' || timeout === undefined || timeout.toSeconds() <= limit,
      rule: `must time out within ${limit} seconds, the longest an HTTP API waits for an authorizer`,
      remedy: "lower the function's 'timeout'",
    },
  ];
}
