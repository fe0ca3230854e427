import { HttpApi } from './http-api';
import { apiPrincipals } from './principals';
import type { LocalContext, LocalService } from '../../kernel/service';

const TYPES = [
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Authorizer',
  'AWS::ApiGatewayV2::Stage',
  'AWS::ApiGatewayV2::Deployment',
  'AWS::ApiGatewayV2::DomainName',
  'AWS::ApiGatewayV2::ApiMapping',
];

/** HTTP APIs of API Gateway, each on a port of its own. */
export function httpApi(context: LocalContext): LocalService {
  const apis: HttpApi[] = [];
  const urls = new Map<string, string>();

  async function start(): Promise<void> {
    for (const deployed of context.deployment.ofType('AWS::ApiGatewayV2::Api')) {
      if (deployed.properties.ProtocolType !== 'HTTP' || deployed.properties.Body !== undefined) {
        const reason = deployed.properties.Body
          ? 'an API that is defined by an OpenAPI document is not run'
          : 'WebSocket APIs are not run';
        context.unsupported({ resource: deployed.displayName, type: deployed.type, reason });
        continue;
      }
      const api = new HttpApi(context, deployed);
      apis.push(api);
      await api.start(context.nextPort());
      urls.set(deployed.resource.id, api.url);
    }
  }

  return {
    resourceTypes: TYPES,
    principals: () => apiPrincipals(context, TYPES),
    writers: ['AWS::ApiGatewayV2::Api'],
    urls,
    start,
    begin: async () => apis.forEach((api) => api.reportNotRun()),
    stop: async () => void (await Promise.all(apis.map((api) => api.stop()))),
  };
}
