import type { Fact, Range } from './fact';

const HTTP = 'https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html';
const ACCOUNT = 'https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html';
const REST =
  'https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html';
const WEBSOCKET =
  'https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html';
const READ = '2026-11-21';

/** An HTTP API waits this long for an integration; it cannot be raised. */
export const httpIntegrationTimeout: Fact<number> = { value: 30, unit: 'seconds', source: HTTP, read: READ };

/** A REST API waits this long for an integration, unless an account's quota was raised for Regional and private APIs. */
export const restIntegrationTimeout: Fact<number> = { value: 29, unit: 'seconds', source: REST, read: READ };

/** A REST API that streams its response (`ResponseTransferMode: STREAM`) waits this long. */
export const restStreamTimeout: Fact<number> = {
  value: 900,
  unit: 'seconds',
  source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html',
  read: READ,
};

/** An HTTP API waits this long for a function that authorizes a request; it cannot be raised. */
export const httpAuthorizerTimeout: Fact<number> = { value: 10, unit: 'seconds', source: HTTP, read: READ };

/** How long a browser may remember the answer of a preflight, as HTTP APIs take it: no browser remembers it longer. */
export const corsAge: Fact<Range> = {
  value: { min: 0, max: 86_400 },
  unit: 'seconds',
  source: 'https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid.html',
  read: '2026-11-30',
};

/** How long API Gateway may remember what an authorizer, or a method with a cache, answered; 0 remembers nothing. */
export const authorizerTtl: Fact<Range> = {
  value: { min: 0, max: 3600 },
  unit: 'seconds',
  source: 'https://docs.aws.amazon.com/apigateway/latest/api/API_CreateAuthorizer.html',
  read: '2026-11-30',
};

/** The value of an API key. */
export const apiKeyLength: Fact<Range> = {
  value: { min: 20, max: 128 },
  unit: 'characters',
  source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-setup-api-key-with-console.html',
  read: '2026-11-30',
};

/** The least answer that a REST API compresses. */
export const compressionSize: Fact<Range> = {
  value: { min: 0, max: 10_485_760 },
  unit: 'bytes',
  source: 'https://docs.aws.amazon.com/apigateway/latest/api/API_CreateRestApi.html',
  read: '2026-11-30',
};

/** An integration may wait no less than this. */
export const leastIntegrationTimeout: Fact<number> = {
  value: 50,
  unit: 'milliseconds',
  source: REST,
  read: '2026-11-30',
};

/** Audiences of one JWT authorizer. */
export const audiencesPerAuthorizer: Fact<number> = { value: 50, unit: 'audiences', source: HTTP, read: READ };

/** Scopes of which a route of an HTTP API may ask. */
export const scopesPerRoute: Fact<number> = { value: 10, unit: 'scopes', source: HTTP, read: '2026-11-30' };

/** The name of a stage. */
export const stageNameLength: Fact<number> = { value: 128, unit: 'characters', source: REST, read: '2026-11-30' };

/** Variables of one stage. */
export const stageVariablesPerStage: Fact<number> = {
  value: 100,
  unit: 'variables',
  source: REST,
  read: '2026-11-30',
};

/** The name of a stage variable. */
export const stageVariableName: Fact<number> = { value: 64, unit: 'characters', source: REST, read: '2026-11-30' };

/** The value of a stage variable. */
export const stageVariableValue: Fact<number> = { value: 512, unit: 'characters', source: REST, read: '2026-11-30' };

/** Requests per second that all APIs of an account share in a region, until AWS raises it; 2,500 in the newer regions. */
export const accountRate: Fact<number> = {
  value: 10_000,
  unit: 'requests per second',
  source: ACCOUNT,
  read: READ,
};

/** The bucket from which the bursts of all APIs of an account in a region are served; 1,250 in the newer regions. */
export const accountBurst: Fact<number> = { value: 5000, unit: 'requests', source: ACCOUNT, read: READ };

/** A WebSocket API waits this long for an integration; it cannot be raised. */
export const webSocketIntegrationTimeout: Fact<number> = {
  value: 29,
  unit: 'seconds',
  source: WEBSOCKET,
  read: READ,
};

/** The request line and the values of all headers of a request to an HTTP or REST API. */
export const headSize: Fact<number> = { value: 10_240, unit: 'bytes', source: HTTP, read: '2026-11-30' };

/** Request or response of an HTTP or REST API. */
export const payloadSize: Fact<number> = { value: 10 * 1024 * 1024, unit: 'bytes', source: HTTP, read: READ };

/** A WebSocket connection without traffic is closed after this. */
export const webSocketIdleTimeout: Fact<number> = { value: 600, unit: 'seconds', source: WEBSOCKET, read: READ };

/** A WebSocket connection is closed after this, whatever its traffic. */
export const webSocketDuration: Fact<number> = { value: 7200, unit: 'seconds', source: WEBSOCKET, read: READ };

/** A WebSocket message, sent in frames of at most 32 KB. */
export const webSocketMessageSize: Fact<number> = {
  value: 128 * 1024,
  unit: 'bytes',
  source: WEBSOCKET,
  read: READ,
};

/** Shortest timeout of an integration. */
export const shortestIntegrationTimeout: Fact<number> = {
  value: 50,
  unit: 'milliseconds',
  source:
    'https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html',
  read: '2026-11-30',
};
