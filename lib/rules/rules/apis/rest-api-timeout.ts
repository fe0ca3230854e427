import { apiGateway } from '../../../core/facts';
import { timeoutFaults } from '../../lookups/api-timeouts';
import type { Rule } from '../../rule';

export const restApiTimeout: Rule = {
  id: 'RestApiTimeout',
  severity: 'error',
  title: `A function behind a REST API is done within ${apiGateway.restIntegrationTimeout.value} seconds`,
  why: 'The API answers 504 while the function keeps running: the client retries, and the work is done twice.',
  fix: 'lower the function’s Timeout, or raise the account’s quota and set TimeoutInMillis, or stream the response',
  source: apiGateway.restIntegrationTimeout.source,
  *check({ model }) {
    yield* timeoutFaults(model, ({ kind }, { streams }) => {
      if (kind !== 'rest') return undefined;
      return (streams ? apiGateway.restStreamTimeout : apiGateway.restIntegrationTimeout).value;
    });
  },
};
