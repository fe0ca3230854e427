import { headerName, headerValue, scope } from '../core/check/http';
import {
  either,
  filled,
  flag,
  having,
  input,
  list,
  needed,
  number,
  object,
  oneOf,
  record,
  text,
} from '../core/check/kinds';
import type { Kind, Shape } from '../core/check/shape';
import {
  ALGORITHMS,
  type EdgeGatewayArgs,
  type ExperimentVariant,
  type GatewayAuthorizer,
  type GatewayCors,
  type GatewayGeo,
  type GatewayHeaders,
  type GatewayRateLimit,
} from './gateway-args';
import { TELEMETRY_ARGS } from './telemetry';
import { ACCOUNT, ROUTES } from './worker-shape';

const VALUE = either(
  'must be a text, a number, true or false',
  () => "write 'admin', for instance",
  filled('admin'),
  number,
  flag,
);
const CLAIM = either(
  'must be a value, or a list of values',
  () => "write 'admin', or ['admin', 'owner']",
  VALUE,
  list(VALUE, "['admin']"),
);

const ISSUER = object<GatewayAuthorizer>(
  {
    issuer: input(
      needed(text('https://login.example.com'), "use the issuer's URL exactly as in the claim 'iss' of its tokens"),
    ),
    audience: needed(
      list(input(text('shop')), "['shop']"),
      "name the audiences in the claim 'aud' of its tokens: ['shop']",
    ),
    algorithms: list(oneOf(...ALGORITHMS), "['ES256']"),
    claims: record(CLAIM, '{ email_verified: true }'),
    scopes: record(list(scope('orders'), "['orders']"), "{ 'POST /orders': ['orders:write'] }"),
    jwksUri: input(text('https://login.example.com/.well-known/jwks.json')),
    cookie: filled('session'),
    subprotocol: filled('bearer'),
  },
  "{ issuer: 'https://login.example.com', audience: ['shop'] }",
);

const AUTHORIZER: Kind = {
  rule: "must be 'none' or { issuer, audience }",
  remedy: () => "say who may call; 'none' means anyone",
  is: (value) => value === 'none' || ISSUER.is(value),
  inside: (value: object, prop) => (ISSUER.is(value) ? (ISSUER.inside?.(value as never, prop) ?? []) : []),
};

const SERVICE = having('a URL', 'binding', "write it as 'https://api.example.com', or pass 'api.call()'");

const ORIGIN: Kind = {
  rule: 'must be a URL or a Worker',
  remedy: () => "write it as 'https://api.example.com', or pass 'api.call()' of an EdgeApi",
  later: true,
  is: (value) => typeof value === 'string' || SERVICE.is(value),
};

const PAGES = "name the pages' origin, such as 'https://shop.example.com'";

/** Shape of a gateway's arguments. */
export const GATEWAY: Shape<EdgeGatewayArgs> = {
  ...ACCOUNT,
  ...ROUTES,
  ...TELEMETRY_ARGS,
  origin: needed(ORIGIN, "give the URL: 'https://api.example.com'"),
  authorizer: needed(AUTHORIZER, "say who may call; 'none' means anyone", AUTHORIZER.rule),
  cors: object<GatewayCors>(
    {
      origins: needed(list(text('https://shop.example.com'), "['https://shop.example.com']"), PAGES),
      methods: list(text('GET'), "['GET']"),
      headers: list(headerName('content-type'), "['content-type']"),
      exposedHeaders: list(headerName('etag'), "['etag']"),
      credentials: flag,
      maxAge: number,
    },
    "{ origins: ['https://shop.example.com'] }",
  ),
  public: list(text('/health'), "['/health']"),
  experiments: record(
    record(
      object<ExperimentVariant>(
        { share: needed(number, 'give the share in percent'), origin: input(text('https://next.example.com')) },
        '{ share: 50 }',
      ),
      '{ a: { share: 50 }, b: { share: 50 } }',
    ),
    '{ checkout: { a: { share: 50 }, b: { share: 50 } } }',
  ),
  flags: record(number, "{ 'new-search': 10 }"),
  geo: object<GatewayGeo>(
    {
      block: list(text('XX'), "['XX']"),
      allow: list(text('DE'), "['DE']"),
      origins: record(input(text('https://eu.example.com')), "{ EU: 'https://eu.example.com' }"),
    },
    "{ allow: ['DE'] }",
  ),
  headers: object<GatewayHeaders>(
    {
      set: record(headerValue('deny'), "{ 'x-frame-options': 'deny' }", headerName('x-frame-options')),
      remove: list(headerName('server'), "['server']"),
    },
    "{ remove: ['server'] }",
  ),
  rateLimit: object<GatewayRateLimit>(
    { limit: needed(number, 'give the requests per client'), period: number, perAddress: number },
    '{ limit: 100, period: 60 }',
  ),
  cache: record(number, "{ '/catalog/*': 60 }"),
  scriptName: input(text('gateway')),
};
