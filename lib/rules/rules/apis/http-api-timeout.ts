import { apiGateway } from '../../../core/facts';
import { timeoutFaults } from '../../lookups/api-timeouts';
import type { Rule } from '../../rule';

const LIMITS = {
  http: apiGateway.httpIntegrationTimeout.value,
  websocket: apiGateway.webSocketIntegrationTimeout.value,
};

export const httpApiTimeout: Rule = {
  id: 'HttpApiTimeout',
  severity: 'error',
  title: `A function behind an HTTP API is done within ${LIMITS.http} seconds, behind a WebSocket API within ${LIMITS.websocket}`,
  why: 'The API answers 503 while the function keeps running: the client retries, and the work is done twice.',
  fix: 'lower the function’s Timeout, or take long work off the request with a queue or a state machine',
  source: apiGateway.httpIntegrationTimeout.source,
  *check({ model }) {
    yield* timeoutFaults(model, ({ kind }) => (kind === 'rest' ? undefined : LIMITS[kind]));
  },
};
