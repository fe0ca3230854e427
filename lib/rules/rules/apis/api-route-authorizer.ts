import type { Model } from '../../../core/model/model';
import { eachBranch, inWords, isUnknown, toText } from '../../../core/model/select';
import type { Route } from '../../../core/model/api-route';
import { routes, unreadableRoutes } from '../../../core/model/api-routes';
import { isGuarded, isPrivate } from '../../lookups/api-guards';
import type { Rule } from '../../rule';

export const apiRouteAuthorizer: Rule = {
  id: 'ApiRouteAuthorizer',
  severity: 'error',
  title: 'A route of an API has authorization',
  why: 'Anyone on the internet can call it, read its responses and run up your bill.',
  fix: 'set AuthorizationType to AWS_IAM, JWT, COGNITO_USER_POOLS or CUSTOM with an authorizer',
  source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-to-api.html',
  *check({ model }) {
    for (const route of routes(model)) {
      if (!isRequired(model, route)) continue;
      for (const { value, when } of eachBranch(route.authorization)) {
        const { holder: resource, property, key } = route;
        if (isUnknown(value)) yield { resource, property, reason: value.reason };
        if (toText(value) !== 'NONE') continue;
        yield { resource, property, message: `answers ${key} to anyone${inWords(when)}`, detail: key };
      }
    }
    for (const api of model.ofType('AWS::ApiGateway::RestApi', 'AWS::ApiGatewayV2::Api')) {
      const reason = unreadableRoutes(api);
      if (reason) yield { resource: api, property: 'Body', reason };
    }
  },
};

/**
 * A mock returns what the template says, a preflight carries no credentials, a WebSocket authorizes on connect, a
 * private API admits only its network.
 */
function isRequired(model: Model, { kind, key, api, mock }: Route): boolean {
  if (mock) return false;
  if (key.startsWith('OPTIONS ')) return false;
  if (kind === 'websocket') return key === '$connect';
  return !(api && (isPrivate(api) || isGuarded(model, api)));
}
