import type { PolicyDocument } from 'aws-cdk-lib/aws-iam';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { AlarmsOf } from '../alarms/watched-by';
import type { ExistingApi } from './adopted';
import type { ApiAuthorizer } from './authorizer';
import type { CorsProps } from './cors';
import type { ApiDomainProps } from './api-domain';
import type { ApiEndpoint } from './endpoint';
import type { Firewall } from './firewall';
import type { ApiKind } from './route-key';
import type { ApiStage } from './stage';
import type { ApiRoute } from './routes';
import type { ThrottleProps } from './throttle';
import type { UsagePlans } from './usage-plans';

/** Props of a `ServerlessApi`. */
export interface ServerlessApiProps {
  /**
   * The routes, and the handler of each: `{ 'POST /orders': 'src/place-order.ts' }`.
   *
   * A route is `METHOD /path`; `{id}` is a parameter, a trailing `{proxy+}` matches the rest of the path, `ANY` every
   * method not named by another route of the path. `$default` takes whatever no other route takes (HTTP APIs only).
   * A handler is a path, a path with settings, or a function. Routes with the same function or the same settings object
   * share one function. A route may have an `authorizer` of its own.
   */
  readonly routes: Readonly<Record<string, ApiRoute>>;

  /**
   * Who may call: `'none'` (anyone), `'iam'`, `{ issuer, audience }` for JSON Web Tokens (HTTP APIs only),
   * `{ userPool, clients, scopes }` for users of a Cognito user pool, or a function that decides. A route may
   * override it.
   */
  readonly authorizer: ApiAuthorizer;

  /**
   * An existing API to add the routes to: one of this app, or `HttpApi.fromHttpApiAttributes()` or
   * `RestApi.fromRestApiAttributes()`. It is not changed otherwise: it keeps its kind, CORS, throttling, domain and access log.
   * @default - a new API
   */
  readonly api?: ExistingApi;

  /**
   * The name of the stage. It is part of the default endpoint's URL, so renaming it changes the URL; a custom `domain` hides
   * it. For an imported REST API, name the existing stage, to which its routes are deployed whenever one of them
   * changes; not allowed with any other `api`.
   * @default - `$default` for an HTTP API, not part of the URL; `live` with `kind: 'rest'`
   */
  readonly stage?: ApiStage;

  /**
   * The API Gateway product. `http` costs about a third and adds less latency; `rest` supports a web application
   * firewall and validates parameters.
   * @default 'http'
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vs-rest.html
   */
  readonly kind?: ApiKind;

  /**
   * Origins of web pages that may call from a browser. With `kind: 'rest'` the handlers must also send
   * `Access-Control-Allow-Origin` in their responses; an HTTP API adds it.
   * @default - none
   */
  readonly cors?: CorsProps;

  /**
   * Requests the API accepts, across all routes.
   * @default - 1,000 per second, bursts of 500: a tenth of what all APIs of an account share in a region, so that no single one
   * can use it all
   */
  readonly throttle?: ThrottleProps;

  /**
   * The API's custom domain, a new one or one that exists already: `{ existing, basePath }`. The default endpoint is then
   * disabled.
   * @default - the default endpoint
   */
  readonly domain?: ApiDomainProps;

  /**
   * Quotas and rates per API key: every route then requires a key of one of the plans, except those with
   * `apiKey: false`. A key identifies a plan, not a caller: it is not an authorizer, and `authorizer` still decides who may
   * call. REST APIs only.
   * @default - none: no route requires a key
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html
   */
  readonly usagePlans?: UsagePlans;

  /**
   * The endpoint type: `'regional'`, `'edge'` (through CloudFront, near callers), or private, reached only through VPC
   * endpoints: `{ vpcEndpoints }`. A private API denies everyone without a resource policy, so it gets one that admits
   * exactly these endpoints. REST APIs only.
   * @default 'regional'
   */
  readonly endpoint?: ApiEndpoint;

  /**
   * The resource policy: who may call, and from where. Evaluated in addition to `authorizer`; if that is `'iam'`, within one
   * account an allow from either is enough. REST APIs only.
   * @default - none; a private API's own, which is otherwise added to yours
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies.html
   */
  readonly policy?: PolicyDocument;

  /**
   * The web application firewall that inspects requests first: a regional AWS WAF web ACL, or its ARN. REST APIs only.
   * @default - none
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-aws-waf.html
   */
  readonly firewall?: Firewall;

  /**
   * Stage variables, which functions find in `event.stageVariables`. Anyone who may read the API may read them: no
   * secrets.
   * @default - none
   */
  readonly stageVariables?: Readonly<Record<string, string>>;

  /**
   * How long access log entries are kept.
   * @default - as the team keeps its logs, or a month
   */
  readonly accessLogRetention?: RetentionDays;

  /**
   * Topic that alarms notify.
   * @default - no notifications; the alarms still exist
   */
  readonly alarmTopic?: ITopic;
  /**
   * Alarm thresholds and durations, or alarms switched off with a reason:
   * `{ errorRate: 5, deadLetters: { off: 'swept by hand each morning' } }`.
   * @default - as AWS recommends
   */
  readonly alarms?: AlarmsOf<'ServerlessApi'>;
}
