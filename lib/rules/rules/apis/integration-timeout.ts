import { apiGateway } from '../../../core/facts';
import type { Resource } from '../../../core/model/model';
import { at, inWords, toText } from '../../../core/model/select';
import { kindOf } from '../../../core/model/api-routes';
import { each, numbers, type Rule } from '../../rule';

const SHORTEST = 50;
const HTTP = apiGateway.httpIntegrationTimeout;

/** An integration waits a time that its API can wait. */
export const integrationTimeout: Rule = {
  id: 'IntegrationTimeout',
  severity: 'error',
  title: 'An integration asks for a timeout that its API has',
  why: 'API Gateway rejects the deployment otherwise; no quota raises these.',
  fix: 'set TimeoutInMillis within the limits, or stream the response',
  source: HTTP.source,
  check: each(['AWS::ApiGatewayV2::Integration', 'AWS::ApiGateway::Method'], function* (resource, { model }) {
    const v2 = resource.type === 'AWS::ApiGatewayV2::Integration';
    const property = v2 ? 'TimeoutInMillis' : 'Integration.TimeoutInMillis';
    const longest = v2
      ? (kindOf(model.target(at(resource, 'ApiId'))) === 'websocket' ? apiGateway.webSocketIntegrationTimeout : HTTP)
          .value
      : streams(resource)
        ? apiGateway.restStreamTimeout.value
        : Infinity;
    const { values, unknown } = numbers(resource, property);
    yield* unknown;
    for (const { value, when } of values) {
      if (value >= SHORTEST && value <= longest * 1000) continue;
      const limits = longest === Infinity ? `less than ${SHORTEST}` : `outside ${SHORTEST} to ${longest * 1000}`;
      yield { resource, property, message: `asks for ${value} milliseconds, ${limits}${inWords(when)}` };
    }
  }),
};

function streams(method: Resource): boolean {
  return toText(at(method, 'Integration.ResponseTransferMode')) === 'STREAM';
}
