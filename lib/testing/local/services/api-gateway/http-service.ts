import type { LocalContext, LocalService } from '../../kernel/service';
import { apiService } from './api-service';
import { HttpApi } from './http-api';
import { HTTP_JUDGES } from './refusals/http';
import { reportRefusals } from './refusals/parts';
import { WebSocketApi } from './websocket/websocket-api';

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
  'AWS::ApiGatewayV2::RouteResponse',
  'AWS::ApiGatewayV2::IntegrationResponse',
];

/** HTTP and WebSocket APIs of API Gateway. */
export function httpApi(context: LocalContext): LocalService {
  const sockets: WebSocketApi[] = [];
  const service = apiService(context, {
    type: API,
    types: TYPES,
    routes: { type: 'AWS::ApiGatewayV2::Route', api: 'ApiId' },
    make: (api) => {
      // One with an OpenAPI document need not set its protocol.
      if (api.properties.ProtocolType !== 'WEBSOCKET') return new HttpApi(context, api);
      const made = new WebSocketApi(context, api);
      sockets.push(made);
      return made;
    },
  });
  return {
    ...service,
    pending: async () => {
      const left = sockets.reduce((sum, one) => sum + one.left, 0);
      return left === 0 ? [] : [`${left} events of WebSocket APIs`];
    },
    begin: async () => {
      reportRefusals(context, HTTP_JUDGES);
      await service.begin?.();
    },
  };
}
