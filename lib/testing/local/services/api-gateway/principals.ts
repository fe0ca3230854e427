import type { Deployed } from '../../kernel/deployment';
import { recordOf, text } from '../../kernel/json';
import type { LocalContext, ServicePrincipal } from '../../kernel/service';

/** The property of each type with the role that API Gateway assumes. */
const ROLES: Readonly<Record<string, (properties: Deployed['properties']) => unknown>> = {
  'AWS::ApiGateway::Method': ({ Integration }) => recordOf(Integration).Credentials,
  'AWS::ApiGateway::Authorizer': ({ AuthorizerCredentials }) => AuthorizerCredentials,
  'AWS::ApiGatewayV2::Integration': ({ CredentialsArn }) => CredentialsArn,
  'AWS::ApiGatewayV2::Authorizer': ({ AuthorizerCredentialsArn }) => AuthorizerCredentialsArn,
};

/** The roles that resources of some types let API Gateway assume. */
export function apiPrincipals({ deployment }: LocalContext, types: readonly string[]): readonly ServicePrincipal[] {
  return deployment.ofType(...types).flatMap((resource) => {
    const role = text(ROLES[resource.type]?.(resource.properties));
    // The caller's own credentials are not a role of the templates.
    return role?.includes(':role/') ? [{ resource, role, service: 'apigateway.amazonaws.com' }] : [];
  });
}
