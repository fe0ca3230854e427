import type { Deployed } from '../../../kernel/deployment';
import { type JsonObject, text, texts } from '../../../kernel/json';
import type { LocalContext } from '../../../kernel/service';
import { identityOf } from '../http-authorizers';
import { authorizeByIam, signerIdentity } from '../iam-authorizer';
import { LambdaAuthorizer } from '../lambda-authorizer';
import type { Connection } from './connection';
import { handshake, socketContext } from './events';

/** What the authorizer or the signature says of a client, or the status of its refusal. */
export type ConnectVerdict =
  | { readonly authorizer?: JsonObject; readonly identity?: JsonObject }
  | { readonly refused: 401 | 403 | 500 };

/**
 * Judges a client by the authorizer of `$connect`; no other route has one, and no answer is cached.
 * @param route the properties of `$connect`
 * @throws IntegrationFailure when the API has no permission to invoke the authorizer
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-lambda-auth.html
 */
export async function authorizeConnect(
  context: LocalContext,
  api: Deployed,
  route: JsonObject,
  connection: Connection,
): Promise<ConnectVerdict> {
  const type = text(route.AuthorizationType) ?? 'NONE';
  const { request } = connection;
  const methodArn = api.arnHere('execute-api', `${api.ref}/${request.stage}/$connect`);
  if (type === 'NONE') return {};
  if (type === 'AWS_IAM') {
    const verdict = authorizeByIam(context, request, methodArn);
    return 'caller' in verdict ? { identity: signerIdentity(verdict.caller, api.account) } : { refused: 403 };
  }
  const authorizer = context.deployment
    .ofType('AWS::ApiGatewayV2::Authorizer')
    .find(({ ref, properties }) => ref === route.AuthorizerId && properties.ApiId === api.ref);
  if (!authorizer) return { refused: 500 };
  const { properties } = authorizer;
  const sources = texts(properties.IdentitySource).map((source) => source.replace(/^route\./, ''));
  const identity = sources.map((source) => identityOf(source, request));
  // One that is there but empty counts as missing.
  if (identity.some((value) => value === undefined || value === '')) return { refused: 401 };
  const verdict = await new LambdaAuthorizer(context, false, 0).authorize({
    lambda: {
      uri: text(properties.AuthorizerUri) ?? '',
      source: api.arnHere('execute-api', `${api.ref}/authorizers/${authorizer.ref}`),
      credentials: text(properties.AuthorizerCredentialsArn),
    },
    event: {
      type: 'REQUEST',
      methodArn,
      ...handshake(connection),
      requestContext: socketContext(connection, {
        eventType: 'CONNECT',
        routeKey: '$connect',
        requestId: request.requestId,
      }),
    },
    methodArn,
    identity: [],
  });
  if (!('refused' in verdict)) {
    const values = Object.entries(verdict.context).map(([name, value]) => [name, String(value)]);
    return { authorizer: { ...Object.fromEntries(values), principalId: verdict.principalId } };
  }
  if (verdict.refused === 'unauthorized') return { refused: 401 };
  if (verdict.refused === 'denied') return { refused: 403 };
  context.logs.write(authorizer.displayName, `ERROR ${verdict.reason}`, request.requestId);
  return { refused: 500 };
}
