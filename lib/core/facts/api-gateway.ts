import type { Fact } from './fact';

/** An HTTP API waits this long for an integration; it cannot be raised. */
export const httpIntegrationTimeout: Fact<number> = {
  value: 30,
  unit: 'seconds',
  source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html',
  read: '2026-11-21',
};

/** A REST API waits this long for an integration, unless an account's quota was raised for Regional and private APIs. */
export const restIntegrationTimeout: Fact<number> = {
  value: 29,
  unit: 'seconds',
  source:
    'https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html',
  read: '2026-11-21',
};
