import type { IApiKey, RestApi, Method, Stage } from 'aws-cdk-lib/aws-apigateway';
import type { HttpApi, HttpRoute, HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Alarm, Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { Function } from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { PatternConstruct } from '../../lib/aws/pattern-construct';
import { patternAlarms } from '../../lib/aws/alarms/pattern-alarms';
import { accessLogGroup } from '../../lib/aws/api/access-log';
import { adoptedChecks, type ExistingApi, kindOfProps } from '../../lib/aws/api/adopted';
import { adoptedGateway } from '../../lib/aws/api/adopted-gateway';
import { API_NAMES, API_SHAPE, apiChecks, DEFAULT_THROTTLE } from '../../lib/aws/api/api-checks';
import type { SharedDomainProps } from '../../lib/aws/api/api-domain';
import { nearCertificate } from '../../lib/aws/api/domain';
import type { ServerlessApiProps } from '../../lib/aws/api/api-props';
import { httpGateway } from '../../lib/aws/api/http-gateway';
import { restGateway } from '../../lib/aws/api/rest-gateway';
import { parseRoute } from '../../lib/aws/api/route-key';
import { nameOperations } from '../../lib/aws/api/openapi/operation-names';
import { nearAuthorizers, readRoutes, routeFunctions } from '../../lib/aws/api/routes';
import { triggerOf } from '../../lib/aws/service-function';
import { check } from '../../lib/core/check/check';
import { checkPlacedProps } from '../../lib/aws/placed-props';

/**
 * An API on API Gateway with a function per route.
 *
 * Each function has its own role with what its `access` names, and API Gateway may invoke it for its own route only; a
 * warm function is called through its `live` alias. The authorizer must be stated. Requests are throttled, and logged as JSON
 * without query strings, headers and bodies, which may hold secrets.
 *
 * A function may run for 30 seconds (HTTP) or 29 (REST): the gateway waits no longer, so more is refused.
 * @example
 * new ServerlessApi(this, 'Api', {
 *   authorizer: { issuer: 'https://login.example.com', audience: ['shop'] },
 *   routes: {
 *     'POST /orders': { entry: 'src/place-order.ts', access: { ORDERS: orders.write() } },
 *     'GET /orders/{id}': { entry: 'src/get-order.ts', access: { ORDERS: orders.read() } },
 *   },
 * });
 */
export class ServerlessApi extends PatternConstruct {
  /** The API: a `RestApi` with `kind: 'rest'`, or the one that was given. */
  readonly api: ExistingApi;
  /**
   * The only stage: `$default`, or `live` with `kind: 'rest'`, unless `stage` names it. For an existing `api`, its deployment
   * stage, if known here.
   */
  readonly stage?: HttpStage | Stage;
  /** The function of each route, by the route: `functions['POST /orders']`. */
  readonly functions: Readonly<Record<string, Function>>;
  /** The access log: one JSON line per request. Retained when the API is deleted. An existing `api` has its own. */
  readonly accessLog?: LogGroup;
  /**
   * Over 1 % of 5xx responses, a route function's failures included, and high p90 latency. For an existing `api`, the alarms
   * of its stage, if known here.
   */
  readonly alarms: readonly Alarm[];
  /** The keys of `usagePlans` by name: `apiKeys.acme.keyId`. */
  readonly apiKeys: Readonly<Record<string, IApiKey>>;
  /** The domain, which other APIs may share; undefined for an API without one. */
  readonly domain: SharedDomainProps['existing'] | undefined;
  /** The API's address, with a trailing slash. */
  readonly url: string;
  private readonly routes: Readonly<Record<string, HttpRoute | Method>>;

  /** @throws PatternError when routes, limits or settings contradict each other or the service */
  constructor(scope: Construct, id: string, props: ServerlessApiProps) {
    super(scope, id);
    const rows = (typed: ServerlessApiProps) => [
      ...apiChecks(typed),
      ...adoptedChecks(this, typed),
      ...nearAuthorizers(this, typed),
      ...nearCertificate(this, typed.domain),
    ];
    checkPlacedProps(this, props, API_SHAPE, rows, API_NAMES);
    const { throttle = DEFAULT_THROTTLE, authorizer, usagePlans } = props;

    const routes = readRoutes(props.routes);
    if (!props.api) {
      this.accessLog = accessLogGroup(this, 'AccessLog', { retention: props.accessLogRetention });
    }
    // API calls are synchronous: the caller learns of a failure, so there is no event to keep.
    this.functions = routeFunctions(this, routes, { onFailure: 'none' });

    const bound = {
      authorizer,
      routes: routes.map((route) => ({
        key: parseRoute(route.key),
        target: triggerOf(this.functions[route.key]!),
        authorizer: route.authorizer ?? authorizer,
        validate: route.validate,
        cors: route.cors,
        apiKey: route.apiKey ?? usagePlans !== undefined,
      })),
    };
    const gateway = props.api
      ? adoptedGateway(this, props.api, bound, props.stage)
      : GATEWAY[kindOfProps(props)](this, { ...props, ...bound, throttle, accessLog: this.accessLog! });
    this.api = gateway.api;
    this.stage = gateway.stage;
    this.url = gateway.url;
    this.apiKeys = gateway.apiKeys;
    this.domain = gateway.domain;
    this.routes = gateway.routes;
    nameOperations(this.routes, routes);
    const alarms = patternAlarms(this, { topic: props.alarmTopic, settings: props.alarms });
    this.alarms = this.stage ? alarms.api(this.stage) : [];
  }

  /**
   * The construct of a route: to grant its invocation, or to change it.
   * @throws PatternError when the API has no such route
   */
  route(key: string): HttpRoute | Method {
    const keys = Object.keys(this.routes);
    check(this, [
      {
        prop: 'route',
        value: key,
        valid: () => keys.includes(key),
        rule: 'must be a route of this API',
        remedy: `use one of '${keys.join("', '")}'`,
      },
    ]);
    return this.routes[key]!;
  }

  /** Requests, whatever the response. */
  metricCount(options?: MetricOptions): Metric {
    return measured(this.api).metricCount(options);
  }

  /** 4xx responses: client errors, denied and throttled requests. */
  metricClientError(options?: MetricOptions): Metric {
    return measured(this.api).metricClientError(options);
  }

  /** 5xx responses: a function that failed, timed out or was throttled. */
  metricServerError(options?: MetricOptions): Metric {
    return measured(this.api).metricServerError(options);
  }

  /** Milliseconds from request to response, the function's time included. */
  metricLatency(options?: MetricOptions): Metric {
    return measured(this.api).metricLatency(options);
  }
}

/** Every CDK API has metrics, but the interface of a REST API does not declare them. */
function measured(api: ExistingApi): HttpApi | RestApi {
  return api as HttpApi | RestApi;
}

const GATEWAY = { http: httpGateway, rest: restGateway };
