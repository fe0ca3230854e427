import type { LocalContext, LocalService } from '../../kernel/service';
import { apiService } from './api-service';
import { reportRefusals } from './refusals/parts';
import { REST_JUDGES } from './refusals/rest';
import { RestApi } from './rest-api';

const API = 'AWS::ApiGateway::RestApi';
const TYPES = [
  API,
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

/** REST APIs of API Gateway. */
export function restApi(context: LocalContext): LocalService {
  const service = apiService(context, {
    type: API,
    types: TYPES,
    routes: { type: 'AWS::ApiGateway::Method', api: 'RestApiId' },
    make: (api) => new RestApi(context, api),
  });
  return {
    ...service,
    begin: async () => {
      reportRefusals(context, REST_JUDGES);
      await service.begin?.();
    },
  };
}
