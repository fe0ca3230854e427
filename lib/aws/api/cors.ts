import { isDeepStrictEqual } from 'node:util';
import type { Duration } from 'aws-cdk-lib';
import type { Check } from '../../core/check/check';
import { originChecks } from '../../core/check/cors';
import { headerName } from '../../core/check/http';
import { duration, flag, list, needed, object, oneOf, text } from '../../core/check/kinds';
import { apiGateway } from '../../core/facts';
import { isUnresolved } from '../../core/unresolved';
import type { ApiAuthorizer } from './authorizer';
import { type ApiKind, type ApiMethod, DEFAULT_ROUTE, parseRoute } from './route-key';

/** Which web pages may call an API from a browser. */
export interface CorsProps {
  /** Origins of the pages, such as `https://shop.example.com`, or `*` for any. */
  readonly origins: readonly string[];

  /**
   * Methods that pages may use; `*` stands for all.
   * @default - those of the routes
   */
  readonly methods?: readonly (Exclude<ApiMethod, 'ANY'> | '*')[];

  /**
   * Headers that pages may send.
   * @default - `authorization` and `content-type`, and `x-api-key` if routes require a key
   */
  readonly headers?: readonly string[];

  /**
   * Response headers that pages may read.
   * @default - those that any page may read
   */
  readonly exposedHeaders?: readonly string[];

  /**
   * Whether a browser sends cookies and other credentials; not for the origin `*`.
   * @default false
   */
  readonly credentials?: boolean;

  /**
   * How long a browser may cache the preflight response. Browsers cap it at 2 hours (Chrome) or 24 hours (Firefox).
   * @default Duration.hours(1)
   */
  readonly maxAge?: Duration;
}

const ORIGINS = "name the pages' origin, such as 'https://shop.example.com'";

/** Cross-origin requests. */
export const CORS = object<CorsProps>(
  {
    origins: needed(list(text('https://shop.example.com'), "['https://shop.example.com']"), ORIGINS),
    methods: list(oneOf('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', '*'), "['GET']"),
    headers: list(headerName('content-type'), "['content-type']"),
    exposedHeaders: list(headerName('etag'), "['etag']"),
    credentials: flag,
    maxAge: duration(apiGateway.corsAge.value, 'choose at most a day, which no browser exceeds'),
  },
  "{ origins: ['https://shop.example.com'] }",
  {
    allowOrigins: "write 'origins'",
    allowMethods: "write 'methods'",
    allowHeaders: "write 'headers'",
    exposeHeaders: "write 'exposedHeaders'",
    allowCredentials: "write 'credentials'",
  },
);

/** Checks of an API's `cors`. */
export function corsChecks(kind: ApiKind, { origins = [], credentials }: CorsProps): Check[] {
  return [
    {
      prop: 'cors.origins',
      value: origins,
      ofType: isUnresolved(origins),
      valid: () => kind === 'http' || !isUnresolved(origins),
      rule: "must be a list that is known when the program runs with kind 'rest', which compares its items",
      remedy: 'write the list; an origin in it may be known only at deployment',
    },
    {
      prop: 'cors.origins',
      value: origins,
      valid: () => origins.length > 0,
      rule: 'must have at least one origin',
      remedy: ORIGINS,
    },
    ...originChecks(origins, credentials),
  ];
}

/**
 * Browsers send preflight requests with `OPTIONS`, without credentials. A REST API answers with a separate method per path. An
 * HTTP API answers unless a route, such as `ANY` or `$default`, takes the request first: its authorizer would refuse it.
 * @param authorizers who may call each route, by key
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
export function preflightChecks(kind: ApiKind, authorizers: ReadonlyMap<string, ApiAuthorizer>): Check[] {
  const preflight = kind === 'rest' ? restPreflight : httpPreflight;
  return [...authorizers.keys()].flatMap((key) => preflight(key, authorizers));
}

function restPreflight(key: string): Check[] {
  if (parseRoute(key).method !== 'OPTIONS') return [];
  const rule = "must not handle OPTIONS itself with 'cors' and kind 'rest'";
  return [{ prop: 'routes', value: key, valid: () => false, rule, remedy: "remove the route, or 'cors'" }];
}

function httpPreflight(key: string, authorizers: ReadonlyMap<string, ApiAuthorizer>): Check[] {
  const { method, path = '/{proxy+}' } = parseRoute(key);
  const options = `OPTIONS ${path}`;
  const authorizer = authorizers.get(key);
  const row = { prop: `routes.${key}.authorizer`, value: authorizer };
  if (method === 'OPTIONS') {
    const valid = () => authorizer === 'none';
    const rule = "must be 'none' with 'cors': browsers send no credentials with OPTIONS";
    return [{ ...row, valid, rule, remedy: 'set it, or remove the route' }];
  }
  if (method !== 'ANY') return [];
  const valid = () => authorizer === 'none' || authorizers.get(options) === 'none';
  const name = key === DEFAULT_ROUTE ? key : method;
  const rule = `must be 'none' with 'cors', since ${name} takes the browser's OPTIONS requests too`;
  return [{ ...row, valid, rule, remedy: `name the methods, or add the route '${options}' with authorizer 'none'` }];
}

/** Checks of routes with `cors` of their own. */
export function routeCorsChecks(
  routes: readonly { readonly key: string; readonly cors?: CorsProps }[],
  ofApi: CorsProps | undefined,
): Check[] {
  const pathOf = (key: string) => parseRoute(key).path;
  return routes.flatMap(({ key, cors }): Check[] => {
    const first = routes.find((other) => other.cors && pathOf(other.key) === pathOf(key));
    const answers = !ofApi && first ? restPreflight(key) : [];
    if (!cors || !first) return answers;
    const prop = `routes.${key}.cors`;
    return [
      ...answers,
      ...corsChecks('rest', cors).map((row) => ({ ...row, prop: row.prop.replace(/^cors/, prop) })),
      {
        prop,
        value: cors.origins,
        valid: () => first.key === key || isDeepStrictEqual(first.cors, cors),
        rule: `must be the same as that of '${first.key}': a browser sends one preflight for all methods of a path`,
        remedy: 'write it on one of them',
      },
    ];
  });
}
