import { Fn } from 'aws-cdk-lib';
import type { IUserPool, IUserPoolClient } from 'aws-cdk-lib/aws-cognito';
import type { Check } from '../../core/check/check';
import { scope } from '../../core/check/http';
import { having, list, needed, object } from '../../core/check/kinds';
import { audiencesPerAuthorizer, scopesPerRoute } from '../../core/facts/api-gateway';
import type { ApiKind } from './route-key';

/**
 * Users of a Cognito user pool, identified by the tokens it issues.
 *
 * An HTTP API accepts identity and access tokens of the `clients`, with a JWT authorizer. A REST API asks the pool itself:
 * without `scopes` it accepts identity tokens only, with `scopes` access tokens only.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-enable-cognito-user-pool.html
 */
export interface UserPoolAuthorizer {
  /** The user pool. */
  readonly userPool: IUserPool;

  /**
   * The app clients whose tokens are accepted. A REST API compares them with `aud` in identity tokens; access tokens have
   * no `aud`, so it cannot tell their clients apart: there, use `scopes` to limit what each client may do.
   * @default - every client of the pool with `kind: 'rest'`; required for an HTTP API
   */
  readonly clients?: readonly IUserPoolClient[];

  /**
   * Scopes of which an access token needs at least one: `'orders/read'`.
   * @default - none
   */
  readonly scopes?: readonly string[];
}

/** Scopes of which a token needs at least one. */
export const SCOPES = list(scope('orders/read'), "['orders/read']");

/** A user pool as an authorizer. */
export const USER_POOL = object<UserPoolAuthorizer>(
  {
    userPool: needed(
      having(
        'a user pool',
        'userPoolId',
        "pass the pool: new UserPool(this, 'Users'), or UserPool.fromUserPoolId(...)",
      ),
      'pass the user pool',
    ),
    clients: list(
      having('a client of the user pool', 'userPoolClientId', "pass the client: userPool.addClient('Web')"),
      '[client]',
    ),
    scopes: SCOPES,
  },
  '{ userPool, clients: [client] }',
  {
    userPoolClients: "write 'clients'",
    audience: "write 'clients', with the clients themselves",
    authorizationScopes: "write 'scopes'",
    cognitoUserPools: "write 'userPool'",
  },
);

/** Checks of a user pool as an authorizer; `prop` is where it is written. */
export function userPoolChecks(kind: ApiKind, prop: string, { clients, scopes }: UserPoolAuthorizer): Check[] {
  const { value: most } = audiencesPerAuthorizer;
  const names = clients?.map((client) => client.node.path);
  return [
    {
      prop: `${prop}.clients`,
      value: names,
      valid: () => names !== undefined || kind === 'rest',
      rule: "must be given for an HTTP API, which verifies a token's audience",
      remedy: "name the clients whose tokens are accepted: [userPool.addClient('Web')]",
    },
    {
      prop: `${prop}.clients`,
      value: names,
      valid: () => names === undefined || (names.length >= 1 && names.length <= most),
      rule: `must have 1 to ${most} clients`,
      remedy: 'name the clients whose tokens are accepted',
    },
    {
      prop: `${prop}.clients`,
      value: names,
      reads: [scopes],
      valid: () => kind === 'http' || names === undefined || scopes === undefined,
      rule: "must not be given together with 'scopes' for kind 'rest', which cannot tell the audience of an access token",
      remedy: "grant the scopes to these clients only, and remove 'clients'; or set 'kind' to 'http'",
    },
    ...scopeChecks(kind, prop, scopes),
  ];
}

/** Checks of an authorizer's scopes. */
export function scopeChecks(kind: ApiKind, prop: string, scopes: readonly string[] | undefined): Check[] {
  const most = kind === 'http' ? scopesPerRoute.value : Infinity;
  return [
    {
      prop: `${prop}.scopes`,
      value: scopes,
      valid: () => scopes === undefined || (scopes.length >= 1 && scopes.length <= most),
      rule: kind === 'http' ? `must have 1 to ${most} scopes` : 'must have a scope',
      remedy: 'name the scopes of which a token needs at least one, or leave it out',
    },
  ];
}

/** The issuer in the claim `iss` of the pool's tokens. */
export function issuerOf({ userPool }: UserPoolAuthorizer): string {
  return `https://${userPool.userPoolProviderName}`;
}

/** The ids of the clients. */
export function clientIds({ clients = [] }: UserPoolAuthorizer): string[] {
  return clients.map((client) => client.userPoolClientId);
}

/** A regular expression that matches the `aud` of these clients only; undefined if all are accepted. */
export function audienceExpression(authorizer: UserPoolAuthorizer): string | undefined {
  const ids = clientIds(authorizer);
  return ids.length === 0 ? undefined : Fn.join('', ['^(', ids.length === 1 ? ids[0]! : Fn.join('|', ids), ')$']);
}
