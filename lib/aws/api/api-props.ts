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
   * The routes, and what serves each: `{ 'POST /orders': 'src/place-order.ts' }`.
   *
   * A route is `METHOD /path`; `{id}` is a parameter, `{proxy+}` at the end takes the rest of the path, `ANY` every
   * method that no other route of the path names. `$default` takes what no other route takes (HTTP APIs only).
   * What serves it is a path, a path with settings, or a function. Routes that name the same function or the same object
   * of settings share one function. A route may name an `authorizer` of its own.
   */
  readonly routes: Readonly<Record<string, ApiRoute>>;

  /**
   * Who may call: `'none'` (everybody), `'iam'`, `{ issuer, audience }` for JSON Web Tokens (HTTP APIs only),
   * `{ userPool, clients, scopes }` for the users of a Cognito user pool, or a function that decides. A route may say
   * otherwise.
   */
  readonly authorizer: ApiAuthorizer;

  /**
   * An API that exists, to which the routes are added: one of the app, or `HttpApi.fromHttpApiAttributes()` or
   * `RestApi.fromRestApiAttributes()`. Nothing of it is changed; its kind, cors, throttle, domain and access log are its own.
   * @default - an API of its own
   */
  readonly api?: ExistingApi;

  /**
   * The name of the stage. It stands in the address that AWS gives, so another name is another address; under a `domain` it
   * is not seen. With an imported REST API, the stage that there is, to which its routes are deployed whenever one of them
   * changes: it must be named then, and with no other `api`.
   * @default - `$default` of an HTTP API, which is in no address; `live` with `kind: 'rest'`
   */
  readonly stage?: ApiStage;

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
   * The domain of the API, of its own or one that is there already: `{ existing, basePath }`. The one that AWS gives is
   * closed then.
   * @default - the domain that AWS gives
   */
  readonly domain?: ApiDomainProps;

  /**
   * Who may call how much, by API key: every route asks for a key of one of the plans then, but for those that say
   * `apiKey: false`. A key tells plans apart, not callers: it is no authorizer, and `authorizer` says who may call as
   * before. REST APIs only.
   * @default - none: no route asks for a key
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html
   */
  readonly usagePlans?: UsagePlans;

  /**
   * Where the API answers: `'regional'`, by way of CloudFront near its callers (`'edge'`), or for the networks of VPC
   * endpoints alone: `{ vpcEndpoints }`. A private API gets the policy without which it denies everybody: it takes what
   * comes by these endpoints, and nothing else. REST APIs only.
   * @default 'regional'
   */
  readonly endpoint?: ApiEndpoint;

  /**
   * The resource policy: who may call, from where. It is asked beside `authorizer`, and where that is `'iam'`, within an
   * account the word of either is enough. REST APIs only.
   * @default - none; that of a private API, which is added to yours
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies.html
   */
  readonly policy?: PolicyDocument;

  /**
   * The web application firewall that judges each request first: a regional web ACL of AWS WAF, or its ARN. REST APIs only.
   * @default - none
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-aws-waf.html
   */
  readonly firewall?: Firewall;

  /**
   * Variables of the stage, which functions have in `event.stageVariables`. Whoever may read the API may read them: no
   * secrets.
   * @default - none
   */
  readonly stageVariables?: Readonly<Record<string, string>>;

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
  /**
   * What the alarms are raised at, how long it must last, or that there is none, and why:
   * `{ errorRate: 5, deadLetters: { off: 'swept by hand each morning' } }`.
   * @default - what AWS recommends
   */
  readonly alarms?: AlarmsOf<'ServerlessApi'>;
}
