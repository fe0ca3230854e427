import type { RestApi, Method, Stage } from 'aws-cdk-lib/aws-apigateway';
import type { HttpApi, HttpRoute, HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Alarm, Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { Function } from 'aws-cdk-lib/aws-lambda';
import { type LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { Alarms } from '../../lib/aws/alarms';
import { accessLogGroup } from '../../lib/aws/api/access-log';
import { type ApiAuthorizer, AUTHORIZER, authorizerChecks } from '../../lib/aws/api/authorizer';
import { httpGateway } from '../../lib/aws/api/http-gateway';
import { restGateway } from '../../lib/aws/api/rest-gateway';
import { CORS, corsChecks, type CorsProps, preflightChecks } from '../../lib/aws/api/cors';
import { DOMAIN, domainChecks, type DomainProps } from '../../lib/aws/api/domain';
import { type ApiKind, parseRoute, routeChecks } from '../../lib/aws/api/route-key';
import { type ApiRoute, handlerChecks, readRoutes, ROUTE, routeFunctions } from '../../lib/aws/api/routes';
import { triggerOf } from '../../lib/aws/service-function';
import { check, type Check } from '../../lib/core/check/check';
import { RETENTION, TOPIC } from '../../lib/aws/resource-kinds';
import { known, needed, oneOf, record } from '../../lib/core/check/kinds';
import { checkProps, type Shape } from '../../lib/core/check/shape';
import { THROTTLE, type ThrottleProps } from '../../lib/aws/api/throttle';
import { accountBurst, accountRate } from '../../lib/core/facts/api-gateway';

/** Props of a `ServerlessApi`. */
export interface ServerlessApiProps {
  /**
   * The routes, and what serves each: `{ 'POST /orders': 'src/place-order.ts' }`.
   *
   * A route is `METHOD /path`; `{id}` is a parameter, `{proxy+}` at the end takes the rest of the path, `ANY` every
   * method that no other route of the path names. `$default` takes what no other route takes (HTTP APIs only).
   * What serves it is a path, a path with settings, or a function. Routes that name the same function or the same object
   * of settings share one function. A route may name an `authorizer` of its own.
   */
  readonly routes: Readonly<Record<string, ApiRoute>>;

  /**
   * Who may call: `'none'` (everybody), `'iam'`, `{ issuer, audience }` for JSON Web Tokens (HTTP APIs only), or a
   * function that decides. A route may say otherwise.
   */
  readonly authorizer: ApiAuthorizer;

  /**
   * Which API of API Gateway. `http` costs about a third and adds less latency; `rest` can carry a web application
   * firewall and validates parameters.
   * @default 'http'
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vs-rest.html
   */
  readonly kind?: ApiKind;

  /**
   * Web pages of other origins that may call from a browser. With `kind: 'rest'` the handlers must also send
   * `Access-Control-Allow-Origin` in their responses; an HTTP API adds it.
   * @default - none
   */
  readonly cors?: CorsProps;

  /**
   * Requests that the API takes, all routes together.
   * @default - 1,000 per second and 500 at once: a tenth of what all APIs of an account share in a region, so that one of
   * them cannot take everything
   */
  readonly throttle?: ThrottleProps;

  /**
   * The domain of the API. The one that AWS gives is closed then.
   * @default - the domain that AWS gives
   */
  readonly domain?: DomainProps;

  /**
   * Time after which lines of the access log are deleted.
   * @default RetentionDays.ONE_MONTH
   */
  readonly accessLogRetention?: RetentionDays;

  /**
   * Who is told of alarms.
   * @default - nobody; the alarms are there
   */
  readonly alarmTopic?: ITopic;
}

/**
 * An API on API Gateway with a function per route.
 *
 * Each function has its own role with what its `access` names, and API Gateway may invoke it for its own route only; one
 * that is kept warm is called by its `live` alias. Who may call must be said. Requests are throttled, and logged as JSON
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
export class ServerlessApi extends Construct {
  /** The API: a `RestApi` with `kind: 'rest'`. */
  readonly api: HttpApi | RestApi;
  /** The only stage: `$default`, or `live` with `kind: 'rest'`. */
  readonly stage: HttpStage | Stage;
  /** The function of each route, by the route: `functions['POST /orders']`. */
  readonly functions: Readonly<Record<string, Function>>;
  /** The access log: a line of JSON per request. It stays when the API is deleted. */
  readonly accessLog: LogGroup;
  /** Answers of 5xx over 1 %, which failures of a route's function are among, and a slow tenth of the answers. */
  readonly alarms: readonly Alarm[];
  /** Where the API is reached, with a slash at the end. */
  readonly url: string;
  private readonly routes: Readonly<Record<string, HttpRoute | Method>>;

  /** @throws PatternError when routes, limits or settings contradict each other or the service */
  constructor(scope: Construct, id: string, props: ServerlessApiProps) {
    super(scope, id);
    checkProps(this, props, SHAPE, checks, NAMES);
    const { kind = 'http', throttle = DEFAULT_THROTTLE, authorizer } = props;

    const routes = readRoutes(props.routes);
    this.accessLog = accessLogGroup(this, 'AccessLog', props.accessLogRetention ?? RetentionDays.ONE_MONTH);
    // A caller of an API waits for the answer and learns of a failure: there is no event to keep.
    this.functions = routeFunctions(this, routes, { onFailure: 'none' });

    const gateway = GATEWAY[kind](this, {
      ...props,
      throttle,
      accessLog: this.accessLog,
      routes: routes.map((route) => ({
        key: parseRoute(route.key),
        target: triggerOf(this.functions[route.key]!),
        authorizer: route.authorizer ?? authorizer,
      })),
    });
    this.api = gateway.api;
    this.stage = gateway.stage;
    this.url = gateway.url;
    this.routes = gateway.routes;
    this.alarms = new Alarms(this, 'Alarms', { topic: props.alarmTopic }).api(this.stage);
  }

  /**
   * What API Gateway calls a route: to grant its invocation, or to change it.
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

  /** Requests, whatever the answer. */
  metricCount(options?: MetricOptions): Metric {
    return this.api.metricCount(options);
  }

  /** Answers 4xx: the caller's mistakes, refusals and throttling. */
  metricClientError(options?: MetricOptions): Metric {
    return this.api.metricClientError(options);
  }

  /** Answers 5xx: a function that failed, timed out or was throttled. */
  metricServerError(options?: MetricOptions): Metric {
    return this.api.metricServerError(options);
  }

  /** Milliseconds from the request to the answer, the function's time included. */
  metricLatency(options?: MetricOptions): Metric {
    return this.api.metricLatency(options);
  }
}

const GATEWAY = { http: httpGateway, rest: restGateway };

const SHAPE: Shape<ServerlessApiProps> = {
  routes: needed(
    record(ROUTE, "{ 'GET /orders': 'src/list-orders.ts' }"),
    "say what it serves, such as { 'GET /orders': 'src/list-orders.ts' }",
  ),
  authorizer: needed(AUTHORIZER, AUTHORIZER.remedy(undefined), AUTHORIZER.rule),
  kind: known(oneOf('http', 'rest')),
  cors: CORS,
  throttle: THROTTLE,
  domain: DOMAIN,
  accessLogRetention: RETENTION,
  alarmTopic: TOPIC,
};

/** Names of CDK's APIs, and what says the same here. */
const NAMES = {
  authorization: "write 'authorizer'",
  defaultAuthorizer: "write 'authorizer'",
  corsPreflight: "write 'cors'",
  defaultCorsPreflightOptions: "write 'cors'",
  domainName: "write 'domain: { name, certificate }'",
  deployOptions: "write 'throttle'; everything else of the stage is the child 'stage'",
  handler: "write 'routes', with a handler for each",
};

const DEFAULT_THROTTLE: ThrottleProps = {
  rate: accountRate.value / 10,
  burst: accountBurst.value / 10,
};

function checks(props: ServerlessApiProps): Check[] {
  const { kind = 'http', throttle = DEFAULT_THROTTLE, authorizer, cors, domain } = props;
  const routes = readRoutes(props.routes);
  const authorizers = new Map(routes.map((route) => [route.key, route.authorizer ?? authorizer]));
  return [
    ...routeChecks(kind, Object.keys(props.routes)),
    ...handlerChecks(kind, routes),
    ...authorizerChecks(kind, 'authorizer', authorizer),
    ...(cors ? [...corsChecks(cors), ...preflightChecks(kind, authorizers)] : []),
    ...(domain ? domainChecks(domain) : []),
    {
      prop: 'throttle.rate',
      value: throttle.rate,
      valid: () => throttle.rate > 0,
      rule: 'must be more than 0 requests per second',
      remedy: 'give what the functions and what stands behind them can serve',
    },
    {
      prop: 'throttle.burst',
      value: throttle.burst,
      valid: () => Number.isInteger(throttle.burst) && throttle.burst >= 1,
      rule: 'must be a whole number of requests, 1 or more',
      remedy: 'give what may arrive at once',
    },
  ];
}
