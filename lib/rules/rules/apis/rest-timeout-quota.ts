import { apiGateway } from '../../../core/facts';
import { at, inWords, toText } from '../../../core/model/select';
import { each, numbers, openAmong, type Rule } from '../../rule';

const DEFAULT = apiGateway.restIntegrationTimeout;

export const restTimeoutQuota: Rule = {
  id: 'RestTimeoutQuota',
  severity: 'warning',
  title: `A method of a REST API waits no longer than the default quota, ${DEFAULT.value} seconds`,
  why: 'API Gateway rejects it in an account whose quota was not raised; edge-optimized APIs cannot have more at all.',
  fix: 'lower TimeoutInMillis, stream the response, or have the account’s quota raised and acknowledge this',
  source: DEFAULT.source,
  check: each(['AWS::ApiGateway::Method'], function* (method) {
    const property = 'Integration.TimeoutInMillis';
    if (toText(at(method, 'Integration.ResponseTransferMode')) === 'STREAM') return;
    // IntegrationTimeout reports unresolved values.
    for (const { value, when } of numbers(method, property).values) {
      if (value <= DEFAULT.value * 1000) continue;
      const message = `waits ${value / 1000} seconds, more than the default quota${inWords(when)}`;
      yield openAmong(method, 'Integration.ResponseTransferMode') ?? { resource: method, property, message };
    }
  }),
};
