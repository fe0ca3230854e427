/** Configuration of an `EdgeGateway`'s Worker: everything decided at deployment, as one JSON binding. */
export interface GatewayConfig {
  /** URL of the origin; any URL if the origin is a Worker, which is bound instead. */
  readonly origin: string;
  /** Who may call; absent for anyone. */
  readonly authorizer?: {
    /** The issuer, as in the claim `iss`. */
    readonly issuer: string;
    /** Accepted audiences. */
    readonly audience: readonly string[];
    /** Accepted signature algorithms. */
    readonly algorithms: readonly string[];
    /** Accepted values by claim. */
    readonly claims?: Readonly<Record<string, readonly (string | number | boolean)[]>>;
    /** Required scopes by path. */
    readonly scopes?: Readonly<Record<string, readonly string[]>>;
    /** URL of the issuer's keys; absent for the one in its metadata. */
    readonly jwksUri?: string;
    /** The cookie that may hold a token. */
    readonly cookie?: string;
    /** The WebSocket subprotocol after which a token may follow. */
    readonly subprotocol?: string;
  };
  /** Which web pages may call; absent if the origin handles it. */
  readonly cors?: {
    readonly origins: readonly string[];
    readonly methods: readonly string[];
    readonly headers: readonly string[];
    readonly exposedHeaders: readonly string[];
    readonly credentials: boolean;
    /** Seconds for which a browser may cache the preflight response. */
    readonly maxAge: number;
  };
  /** Paths that require no token. */
  readonly public: readonly string[];
  /** Variants by experiment, with their shares in percent. */
  readonly experiments: Readonly<Record<string, Readonly<Record<string, GatewayVariant>>>>;
  /** Shares in percent, by flag. */
  readonly flags: Readonly<Record<string, number>>;
  readonly geo: {
    /** Blocked countries. */
    readonly block: readonly string[];
    /** Allowed countries; absent for all. */
    readonly allow?: readonly string[];
    /** URLs of other origins, by country or continent. */
    readonly origins: Readonly<Record<string, string>>;
  };
  readonly headers: {
    readonly set: Readonly<Record<string, string>>;
    /** Headers removed from every response. */
    readonly remove: readonly string[];
  };
  /** Period of the rate limit in seconds, if there is one. */
  readonly limitPeriod?: number;
  /** Seconds for which responses are cached, by path. */
  readonly cache: Readonly<Record<string, number>>;
}

/** One variant of an experiment. */
export interface GatewayVariant {
  /** Its share, in percent. */
  readonly share: number;
  /** The URL of its own origin, if it has one. */
  readonly origin?: string;
}
