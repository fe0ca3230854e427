import { Fn } from 'aws-cdk-lib';
import type { IUserPool, IUserPoolClient } from 'aws-cdk-lib/aws-cognito';
import type { Check } from '../../core/check/check';
import { scope } from '../../core/check/http';
import { having, list, needed, object } from '../../core/check/kinds';
import { audiencesPerAuthorizer, scopesPerRoute } from '../../core/facts/api-gateway';
import type { ApiKind } from './route-key';

/**
 * The users of a Cognito user pool, by the tokens that it gives them.
 *
 * An HTTP API takes identity and access tokens of the `clients`, by a JWT authorizer. A REST API asks the pool itself:
 * without `scopes` it takes identity tokens alone, with `scopes` access tokens alone.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-enable-cognito-user-pool.html
 */
export interface UserPoolAuthorizer {
  /** The user pool. */
  readonly userPool: IUserPool;

  /**
   * The app clients whose tokens are taken. A REST API compares them with `aud` of identity tokens; access tokens have
   * no `aud`, so that it cannot tell the clients of those apart: there, say by `scopes` which clients may have what.
   * @default - with `kind: 'rest'` every client of the pool; needed for an HTTP API
   */
  readonly clients?: readonly IUserPoolClient[];

  /**
   * Scopes of which an access token needs one: `'orders/read'`.
   * @default - none
   */
  readonly scopes?: readonly string[];
}

/** Scopes of which a token needs one. */
export const SCOPES = list(scope('orders/read'), "['orders/read']");

/** A user pool as authorizer. */
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

/** What must hold for a user pool as authorizer, as rows of the validation table; `prop` is where it is written. */
export function userPoolChecks(kind: ApiKind, prop: string, { clients, scopes }: UserPoolAuthorizer): Check[] {
  const { value: most } = audiencesPerAuthorizer;
  const names = clients?.map((client) => client.node.path);
  return [
    {
      prop: `${prop}.clients`,
      value: names,
      valid: () => names !== undefined || kind === 'rest',
      rule: 'must be given for an HTTP API, which verifies for whom a token is',
      remedy: "name the clients whose tokens are taken: [userPool.addClient('Web')]",
    },
    {
      prop: `${prop}.clients`,
      value: names,
      valid: () => names === undefined || (names.length >= 1 && names.length <= most),
      rule: `must hold 1 to ${most} clients`,
      remedy: 'name the clients whose tokens are taken',
    },
    {
      prop: `${prop}.clients`,
      value: names,
      reads: [scopes],
      valid: () => kind === 'http' || names === undefined || scopes === undefined,
      rule: "must not be given beside 'scopes' with kind 'rest', which cannot tell for whom an access token is",
      remedy: "give the scopes to these clients alone, and remove 'clients'; or set 'kind' to 'http'",
    },
    ...scopeChecks(kind, prop, scopes),
  ];
}

/** What must hold for the scopes of an authorizer. */
export function scopeChecks(kind: ApiKind, prop: string, scopes: readonly string[] | undefined): Check[] {
  const most = kind === 'http' ? scopesPerRoute.value : Infinity;
  return [
    {
      prop: `${prop}.scopes`,
      value: scopes,
      valid: () => scopes === undefined || (scopes.length >= 1 && scopes.length <= most),
      rule: kind === 'http' ? `must hold 1 to ${most} scopes` : 'must hold a scope',
      remedy: 'name those of which a token needs one, or leave it out',
    },
  ];
}

/** The issuer of the pool's tokens, as they have it in `iss`. */
export function issuerOf({ userPool }: UserPoolAuthorizer): string {
  return `https://${userPool.userPoolProviderName}`;
}

/** The ids of the clients. */
export function clientIds({ clients = [] }: UserPoolAuthorizer): string[] {
  return clients.map((client) => client.userPoolClientId);
}

/** A regular expression that an `aud` of one of the clients matches, and nothing else; undefined where all are taken. */
export function audienceExpression(authorizer: UserPoolAuthorizer): string | undefined {
  const ids = clientIds(authorizer);
  return ids.length === 0 ? undefined : Fn.join('', ['^(', ids.length === 1 ? ids[0]! : Fn.join('|', ids), ')$']);
}
