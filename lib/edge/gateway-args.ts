import type * as pulumi from '@pulumi/pulumi';
import type { Capability } from './capability';
import type { AccountArgs } from './check-args';
import type { RouteArgs } from './routes';
import type { TelemetryArgs } from './telemetry';

/** A signature with a public key: whoever may check it cannot make one. */
export type GatewayAlgorithm = (typeof ALGORITHMS)[number];

/** How tokens may be signed. With `none` or a shared secret anybody who reads the keys could sign. */
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

/** What a claim says. */
export type ClaimValue = string | number | boolean;

/** Which web pages may call from a browser. */
export interface GatewayCors {
  /** Origins of the pages, such as `https://shop.example.com`, or `*` for every page of the web. */
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
   * Headers of the response that pages may read.
   * @default - those that every page may read
   */
  readonly exposedHeaders?: readonly string[];
  /**
   * Whether a browser sends cookies along; not for the origin `*`. Its pages may use a token in a cookie then.
   * @default false
   */
  readonly credentials?: boolean;
  /**
   * How long a browser may remember the answer, in seconds.
   * @default 3600
   */
  readonly maxAge?: number;
}

/** Who may call: bearers of a token that an issuer signed. */
export interface GatewayAuthorizer {
  /** The issuer, exactly as in the claim `iss`: an https address. Its keys are found by its OpenID metadata. */
  readonly issuer: pulumi.Input<string>;
  /** Whom the token must be for: one of these. */
  readonly audience: pulumi.Input<string>[];
  /**
   * How tokens may be signed: what the issuer uses, and no more.
   * @default ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']
   */
  readonly algorithms?: readonly GatewayAlgorithm[];
  /**
   * What a token must say: for each claim a value, or several of which it must have one: `{ email_verified: true }`.
   * @default - nothing more
   */
  readonly claims?: Readonly<Record<string, ClaimValue | readonly ClaimValue[]>>;
  /**
   * Scopes that a token must have, by path; those of all paths that match count: `{ 'POST /orders': ['orders:write'] }`.
   * @default - none
   */
  readonly scopes?: Readonly<Record<string, readonly string[]>>;
  /**
   * Where the issuer's keys are, for one without OpenID metadata.
   * @default - as `<issuer>/.well-known/openid-configuration` says
   */
  readonly jwksUri?: pulumi.Input<string>;
  /**
   * The cookie that holds the token of browsers. Where it does, requests that change something, and WebSockets, must come from
   * the gateway's own pages.
   * @default - the header Authorization only
   */
  readonly cookie?: string;
  /**
   * The subprotocol after which a browser's WebSocket gives the token: `new WebSocket(url, ['bearer', token])`.
   * @default - the header Authorization only
   */
  readonly subprotocol?: string;
}

/** A variant of an experiment. */
export interface ExperimentVariant {
  /** Its share of clients, in percent. */
  readonly share: number;
  /**
   * An origin of its own.
   * @default - the same origin, which is told by the header `x-experiment-<name>`
   */
  readonly origin?: pulumi.Input<string>;
}

/** What depends on where a client is, by ISO 3166 country codes and the continents AF, AN, AS, EU, NA, OC, SA. */
export interface GatewayGeo {
  /**
   * Countries that are turned away.
   * @default - none
   */
  readonly block?: readonly string[];
  /**
   * The only countries that are let in.
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
   * Requests within the period, per location and client: the token's subject, or the address where there is none, of IPv6
   * its /64 network.
   */
  readonly limit: number;
  /**
   * The period, in seconds: 10 or 60.
   * @default 60
   */
  readonly period?: number;
  /**
   * Requests within the period from one address, whoever is behind it, counted before tokens are looked at. Offices and
   * mobile networks share addresses, so it is a multiple of `limit`.
   * @default - any number
   */
  readonly perAddress?: number;
}

/** What changes on the way back. */
export interface GatewayHeaders {
  /**
   * Headers that each response gets.
   * @default - security headers where the origin sets none
   */
  readonly set?: Readonly<Record<string, string>>;
  /**
   * Headers that no response keeps.
   * @default - server, x-powered-by, x-aspnet-version
   */
  readonly remove?: readonly string[];
}

/** Arguments of an `EdgeGateway`. Paths are written `/health` or `GET /catalog/*`. */
export interface EdgeGatewayArgs extends AccountArgs, RouteArgs, TelemetryArgs {
  /** Where requests go: an https address, or another Worker by `api.call()`. */
  readonly origin: pulumi.Input<string> | Capability;
  /** Who may call. */
  readonly authorizer: 'none' | GatewayAuthorizer;
  /**
   * Which web pages may call from a browser. The gateway answers what a browser asks before, and lets these pages read errors
   * and refusals too.
   * @default - the origin answers, and pages cannot read what the gateway refuses
   */
  readonly cors?: GatewayCors;
  /**
   * Paths that need no token.
   * @default - none
   */
  readonly public?: readonly string[];
  /**
   * Experiments: variants by name, whose shares add up to 100. A client keeps its variant.
   * @default - none
   */
  readonly experiments?: Readonly<Record<string, Readonly<Record<string, ExperimentVariant>>>>;
  /**
   * Flags: the share of clients, in percent, for whom the origin finds `x-flag-<name>: on`.
   * @default - none
   */
  readonly flags?: Readonly<Record<string, number>>;
  /**
   * What depends on the client's place.
   * @default - nothing
   */
  readonly geo?: GatewayGeo;
  /**
   * Headers of responses.
   * @default - security headers are added, telltale ones removed
   */
  readonly headers?: GatewayHeaders;
  /**
   * How many requests a client may send.
   * @default - any number
   */
  readonly rateLimit?: GatewayRateLimit;
  /**
   * Seconds for which successful answers to GET are kept, by path. They are shared by all clients, so such a path must be
   * public. The origin gets none of a client's own headers there, and may say that an answer is kept shorter or not at all.
   * Nothing is kept on workers.dev.
   * @default - nothing
   */
  readonly cache?: Readonly<Record<string, number>>;
  /**
   * The Worker's name, unique in the account.
   * @default - project, stack and the component's name
   */
  readonly scriptName?: pulumi.Input<string>;
}
