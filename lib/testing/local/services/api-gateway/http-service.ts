import type { LocalContext, LocalService } from '../../kernel/service';
import { apiService } from './api-service';
import { HttpApi } from './http-api';
import { HTTP_JUDGES } from './refusals/http';
import { reportRefusals } from './refusals/parts';

const API = 'AWS::ApiGatewayV2::Api';
const TYPES = [
  API,
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Authorizer',
  'AWS::ApiGatewayV2::Stage',
  'AWS::ApiGatewayV2::Deployment',
  'AWS::ApiGatewayV2::DomainName',
  'AWS::ApiGatewayV2::ApiMapping',
];

/** HTTP APIs of API Gateway. */
export function httpApi(context: LocalContext): LocalService {
  const service = apiService(context, {
    type: API,
    types: TYPES,
    routes: { type: 'AWS::ApiGatewayV2::Route', api: 'ApiId' },
    // One with an OpenAPI document need not set its protocol.
    whyNot: ({ properties: { ProtocolType } }) =>
      ProtocolType === 'WEBSOCKET' ? 'WebSocket APIs are not run' : undefined,
    make: (api) => new HttpApi(context, api),
  });
  return {
    ...service,
    begin: async () => {
      reportRefusals(context, HTTP_JUDGES);
      await service.begin?.();
    },
  };
}
