/** What the Worker of an `EdgeGateway` reads: everything that is decided when it is deployed, as one JSON binding. */
export interface GatewayConfig {
  /** Address of the origin; any address where the origin is a Worker, which is bound instead. */
  readonly origin: string;
  /** Who may call; absent when anybody may. */
  readonly authorizer?: {
    /** Who issues tokens, as in their claim `iss`. */
    readonly issuer: string;
    /** Whom they must be for: one of these. */
    readonly audience: readonly string[];
    /** How tokens may be signed. */
    readonly algorithms: readonly string[];
    /** Values of claims, one of which a token must have. */
    readonly claims?: Readonly<Record<string, readonly (string | number | boolean)[]>>;
    /** Scopes that a token must have, by path. */
    readonly scopes?: Readonly<Record<string, readonly string[]>>;
    /** Where the issuer's keys are; absent for the address that its metadata names. */
    readonly jwksUri?: string;
    /** The cookie that may hold a token. */
    readonly cookie?: string;
    /** The subprotocol of a WebSocket after which a token may stand. */
    readonly subprotocol?: string;
  };
  /** Which pages of the web may call; absent where the origin says so itself. */
  readonly cors?: {
    readonly origins: readonly string[];
    readonly methods: readonly string[];
    readonly headers: readonly string[];
    readonly exposedHeaders: readonly string[];
    readonly credentials: boolean;
    /** For how many seconds a browser may remember the answer. */
    readonly maxAge: number;
  };
  /** Paths that need no token. */
  readonly public: readonly string[];
  /** Variants with their shares in percent, by experiment. */
  readonly experiments: Readonly<Record<string, Readonly<Record<string, GatewayVariant>>>>;
  /** Shares in percent, by flag. */
  readonly flags: Readonly<Record<string, number>>;
  readonly geo: {
    /** Countries that are turned away. */
    readonly block: readonly string[];
    /** The only countries that are let in; absent for all. */
    readonly allow?: readonly string[];
    /** Addresses of other origins, by country or continent. */
    readonly origins: Readonly<Record<string, string>>;
  };
  readonly headers: {
    readonly set: Readonly<Record<string, string>>;
    /** Removed from each response. */
    readonly remove: readonly string[];
  };
  /** Seconds after which requests are counted anew, where they are limited. */
  readonly limitPeriod?: number;
  /** Seconds for which responses are kept, by path. */
  readonly cache: Readonly<Record<string, number>>;
}

/** One variant of an experiment. */
export interface GatewayVariant {
  /** Its share, in percent. */
  readonly share: number;
  /** The address of its own origin, where it has one. */
  readonly origin?: string;
}
