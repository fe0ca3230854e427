import type * as pulumi from '@pulumi/pulumi';
import type { Capability } from './capability';
import type { AccountArgs } from './check-args';
import type { RouteArgs } from './routes';
import type { TelemetryArgs } from './telemetry';

/** An asymmetric signature: a key that verifies cannot sign. */
export type GatewayAlgorithm = (typeof ALGORITHMS)[number];

/** Accepted signature algorithms. With `none` or a shared secret, anyone who can read the keys could sign. */
export const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const;

/** Value of a claim. */
export type ClaimValue = string | number | boolean;

/** Which web pages may call from a browser. */
export interface GatewayCors {
  /** Origins of the pages, such as `https://shop.example.com`, or `*` for any. */
  readonly origins: readonly string[];
  /**
   * Methods that pages may use.
   * @default ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']
   */
  readonly methods?: readonly string[];
  /**
   * Headers that pages may send.
   * @default ['authorization', 'content-type']
   */
  readonly headers?: readonly string[];
  /**
   * Response headers that pages may read.
   * @default - those that any page may read
   */
  readonly exposedHeaders?: readonly string[];
  /**
   * Whether a browser sends cookies; not for the origin `*`. Its pages may then use a token in a cookie.
   * @default false
   */
  readonly credentials?: boolean;
  /**
   * How long a browser may cache the preflight response, in seconds.
   * @default 3600
   */
  readonly maxAge?: number;
}

/** Who may call: holders of a token signed by an issuer. */
export interface GatewayAuthorizer {
  /** The issuer, exactly as in the claim `iss`: an https URL. Its keys are found through its OpenID metadata. */
  readonly issuer: pulumi.Input<string>;
  /** Accepted audiences: the token must be for one of these. */
  readonly audience: pulumi.Input<string>[];
  /**
   * Accepted signature algorithms: those the issuer uses, and no more.
   * @default ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']
   */
  readonly algorithms?: readonly GatewayAlgorithm[];
  /**
   * Required claims: for each a value, or several of which it must have one: `{ email_verified: true }`.
   * @default - none
   */
  readonly claims?: Readonly<Record<string, ClaimValue | readonly ClaimValue[]>>;
  /**
   * Required scopes by path; all matching paths count: `{ 'POST /orders': ['orders:write'] }`.
   * @default - none
   */
  readonly scopes?: Readonly<Record<string, readonly string[]>>;
  /**
   * URL of the issuer's keys, for one without OpenID metadata.
   * @default - from `<issuer>/.well-known/openid-configuration`
   */
  readonly jwksUri?: pulumi.Input<string>;
  /**
   * The cookie that holds a browser's token. With a cookie, requests that change something, and WebSockets, must come from
   * the gateway's own pages.
   * @default - the header Authorization only
   */
  readonly cookie?: string;
  /**
   * The subprotocol after which a browser's WebSocket passes the token: `new WebSocket(url, ['bearer', token])`.
   * @default - the header Authorization only
   */
  readonly subprotocol?: string;
}

/** A variant of an experiment. */
export interface ExperimentVariant {
  /** Its share of clients, in percent. */
  readonly share: number;
  /**
   * A separate origin.
   * @default - the same origin, which gets the header `x-experiment-<name>`
   */
  readonly origin?: pulumi.Input<string>;
}

/** Rules by client location, in ISO 3166 country codes and the continents AF, AN, AS, EU, NA, OC, SA. */
export interface GatewayGeo {
  /**
   * Blocked countries.
   * @default - none
   */
  readonly block?: readonly string[];
  /**
   * Allowed countries; all others are blocked.
   * @default - all
   */
  readonly allow?: readonly string[];
  /**
   * Other origins, by country or continent.
   * @default - none
   */
  readonly origins?: Readonly<Record<string, pulumi.Input<string>>>;
}

/** How many requests a client may send. */
export interface GatewayRateLimit {
  /**
   * Requests per period, per location and client: the token's subject, or else the address, for IPv6
   * its /64 network.
   */
  readonly limit: number;
  /**
   * The period, in seconds: 10 or 60.
   * @default 60
   */
  readonly period?: number;
  /**
   * Requests per period from one address, whoever is behind it, counted before tokens are checked. Offices and
   * mobile networks share addresses, so make it a multiple of `limit`.
   * @default - no limit
   */
  readonly perAddress?: number;
}

/** Changes to response headers. */
export interface GatewayHeaders {
  /**
   * Headers to set on every response.
   * @default - security headers, unless the origin sets them
   */
  readonly set?: Readonly<Record<string, string>>;
  /**
   * Headers to remove from every response.
   * @default - server, x-powered-by, x-aspnet-version
   */
  readonly remove?: readonly string[];
}

/** Arguments of an `EdgeGateway`. Paths are written `/health` or `GET /catalog/*`. */
export interface EdgeGatewayArgs extends AccountArgs, RouteArgs, TelemetryArgs {
  /** Where requests go: an https URL, or another Worker by `api.call()`. */
  readonly origin: pulumi.Input<string> | Capability;
  /** Who may call. */
  readonly authorizer: 'none' | GatewayAuthorizer;
  /**
   * Which web pages may call from a browser. The gateway answers preflight requests, and lets these pages read errors
   * and refusals too.
   * @default - the origin answers, and pages cannot read the gateway's refusals
   */
  readonly cors?: GatewayCors;
  /**
   * Paths that require no token.
   * @default - none
   */
  readonly public?: readonly string[];
  /**
   * Experiments: variants by name, whose shares add up to 100. Assignment is sticky.
   * @default - none
   */
  readonly experiments?: Readonly<Record<string, Readonly<Record<string, ExperimentVariant>>>>;
  /**
   * Flags: the share of clients, in percent, for which the origin gets `x-flag-<name>: on`.
   * @default - none
   */
  readonly flags?: Readonly<Record<string, number>>;
  /**
   * Rules by client location.
   * @default - nothing
   */
  readonly geo?: GatewayGeo;
  /**
   * Changes to response headers.
   * @default - security headers are added, revealing ones removed
   */
  readonly headers?: GatewayHeaders;
  /**
   * How many requests a client may send.
   * @default - no limit
   */
  readonly rateLimit?: GatewayRateLimit;
  /**
   * Seconds for which successful GET responses are cached, by path. They are shared by all clients, so such a path must be
   * public. The origin gets none of the client's own headers there, and may shorten or prevent caching.
   * Nothing is cached on workers.dev.
   * @default - no caching
   */
  readonly cache?: Readonly<Record<string, number>>;
  /**
   * The Worker's name, unique in the account.
   * @default - from project, stack and the component's name
   */
  readonly scriptName?: pulumi.Input<string>;
}
