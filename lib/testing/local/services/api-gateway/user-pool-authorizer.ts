import { parseArn } from '../../../../core/arn';
import type { Deployed } from '../../kernel/deployment';
import { messageOf } from '../../kernel/errors';
import { type JsonObject, text, texts } from '../../kernel/json';
import type { LocalContext } from '../../kernel/service';
import { GATEWAY_ERRORS, type GatewayError } from './gateway-responses';
import { NotRunHere } from './integration-failure';
import { matchesWhole } from './java-pattern';
import { claimTexts, verifyToken } from './jwt';

/** A token sent to a REST API method with a user pool. */
export interface PoolToken {
  /** The value at the identity source; undefined if there is none. */
  readonly given: string | undefined;
  /** The method's scopes, of which the token needs one. */
  readonly scopes: readonly string[];
  /** Writes a line to the API's log. */
  readonly log: (line: string) => void;
}

/**
 * Judges a token by the user pools of an authorizer of a REST API. Without scopes it must be an identity token, whose
 * `aud` must match the validation expression; with scopes an access token, which has no `aud`.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-enable-cognito-user-pool.html
 */
export async function byUserPool(
  { keysOf }: Pick<LocalContext, 'keysOf'>,
  { properties, displayName }: Deployed,
  { given, scopes, log }: PoolToken,
): Promise<{ readonly authorizer: JsonObject } | { readonly error: GatewayError }> {
  const unauthorized = { error: GATEWAY_ERRORS.unauthorized };
  const token = given?.replace(/^Bearer\s+/i, '');
  if (token === undefined) return unauthorized;
  for (const arn of texts(properties.ProviderARNs)) {
    const issuer = issuerOf(arn);
    try {
      const verdict = await verifyToken(token, { issuer, scopes }, keysOf);
      if ('refused' in verdict) continue;
      const why = whyNotTaken(verdict.claims, scopes.length > 0, text(properties.IdentityValidationExpression));
      if (why === undefined) return { authorizer: { claims: claimTexts(verdict.claims) } };
      log(`ERROR '${displayName}': ${why}`);
    } catch (error) {
      if (error instanceof NotRunHere) throw error;
      log(`ERROR '${displayName}': the keys of '${issuer}' cannot be fetched: ${messageOf(error)}`);
    }
  }
  return unauthorized;
}

function whyNotTaken(claims: JsonObject, scoped: boolean, expression: string | undefined): string | undefined {
  const [use, other] = scoped ? ['access', 'identity'] : ['id', 'access'];
  if (claims.token_use !== use) {
    const rule = scoped ? 'the method has scopes' : 'the method has no scopes';
    return `the token is not an ${scoped ? 'access' : 'identity'} token ('token_use' is not '${use}'): ${rule}, so ${other} tokens are not accepted`;
  }
  if (expression === undefined || texts(claims.aud).some((one) => matchesWhole(expression, one))) {
    return undefined;
  }
  return "the token is for another client: its 'aud' does not match the validation expression";
}

/** The issuer of a user pool's tokens. */
export function issuerOf(userPoolArn: string): string {
  const { region = '', resource = '' } = parseArn(userPoolArn) ?? {};
  return `https://cognito-idp.${region}.amazonaws.com/${resource.replace(/^userpool\//, '')}`;
}

/**
 * Defaults for missing claims of a user pool token: an identity token, or with a `scope` an access token, of a client
 * that the authorizer accepts.
 */
export function poolClaims({ properties }: Deployed, claims: JsonObject): JsonObject {
  const [pool] = texts(properties.ProviderARNs);
  if (pool === undefined) return {};
  const [client] = /[\w+]+/.exec(text(properties.IdentityValidationExpression) ?? '') ?? [];
  const scoped = claims.scope !== undefined;
  return {
    iss: issuerOf(pool),
    token_use: scoped ? 'access' : 'id',
    ...(client !== undefined && { [scoped ? 'client_id' : 'aud']: client }),
  };
}
