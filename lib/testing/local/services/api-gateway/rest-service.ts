import { RestApi } from './rest-api';
import { apiPrincipals } from './principals';
import type { LocalContext, LocalService } from '../../kernel/service';

const TYPES = [
  'AWS::ApiGateway::RestApi',
  'AWS::ApiGateway::Resource',
  'AWS::ApiGateway::Method',
  'AWS::ApiGateway::Deployment',
  'AWS::ApiGateway::Stage',
  'AWS::ApiGateway::Account',
  'AWS::ApiGateway::Authorizer',
  'AWS::ApiGateway::RequestValidator',
  'AWS::ApiGateway::Model',
  'AWS::ApiGateway::GatewayResponse',
  'AWS::ApiGateway::ApiKey',
  'AWS::ApiGateway::UsagePlan',
  'AWS::ApiGateway::UsagePlanKey',
  'AWS::ApiGateway::DomainName',
  'AWS::ApiGateway::BasePathMapping',
];

/** REST APIs of API Gateway, each on a port of its own. */
export function restApi(context: LocalContext): LocalService {
  const apis: RestApi[] = [];
  const urls = new Map<string, string>();

  async function start(): Promise<void> {
    for (const deployed of context.deployment.ofType('AWS::ApiGateway::RestApi')) {
      if (deployed.properties.Body !== undefined || deployed.properties.BodyS3Location !== undefined) {
        const reason = 'an API that is defined by an OpenAPI document is not run';
        context.unsupported({ resource: deployed.displayName, type: deployed.type, reason });
        continue;
      }
      const api = new RestApi(context, deployed);
      apis.push(api);
      await api.start(context.nextPort());
      urls.set(deployed.resource.id, api.url);
    }
  }

  return {
    resourceTypes: TYPES,
    principals: () => apiPrincipals(context, TYPES),
    writers: ['AWS::ApiGateway::RestApi'],
    urls,
    start,
    begin: async () => apis.forEach((api) => api.reportNotRun()),
    stop: async () => void (await Promise.all(apis.map((api) => api.stop()))),
  };
}
