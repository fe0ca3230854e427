import * as pulumi from '@pulumi/pulumi';
import type { Check } from '../../lib/core/check/check';
import { input, known, needed, oneOf, text } from '../../lib/core/check/kinds';
import { placeUrlCheck } from '../../lib/core/check/place-url';
import type { Shape } from '../../lib/core/check/shape';
import type { Capability } from '../../lib/edge/capability';
import { checkName, checkShape, refuse } from '../../lib/edge/check-args';

/** Arguments of an `EdgeHttpDatabase`. */
export interface EdgeHttpDatabaseArgs {
  /**
   * Which kind: `turso`, SQLite over libSQL's protocol, or `neon`, PostgreSQL with Neon's serverless driver.
   * @see https://docs.turso.tech/sdk/ts/reference
   * @see https://neon.com/docs/serverless/serverless-driver
   */
  readonly kind: 'turso' | 'neon';
  /**
   * The credentials: `turso`'s token, `neon`'s connection string. Always stored as a Pulumi secret.
   */
  readonly secret: pulumi.Input<string>;
  /**
   * The database's address, for `turso`: `libsql://orders-acme.turso.io`.
   * @default - required for `turso`; part of `neon`'s connection string
   */
  readonly url?: pulumi.Input<string>;
}

/**
 * A database that Workers reach over HTTP, each statement or transaction a request of its own: no connections to pool or
 * open. The twin of `HttpDatabase`. For PostgreSQL with sessions or a connection shared by several statements, or for MySQL, use
 * `EdgePool`.
 *
 * @example
 * const orders = new EdgeHttpDatabase('orders', {
 *   kind: 'turso',
 *   url: 'libsql://orders-acme.turso.io',
 *   secret: config.requireSecret('tursoToken'),
 * });
 * new EdgeApi('api', { handler: 'workers/api.ts', access: { DB: orders.connect() } });
 */
export class EdgeHttpDatabase extends pulumi.ComponentResource {
  private readonly capability: Capability;

  /** @throws InputPropertiesError when something the kind needs is missing, or something it does not take is given */
  constructor(name: string, args: EdgeHttpDatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    checkName(new.target, name, opts);
    super('lintel:edge:EdgeHttpDatabase', name, {}, opts);
    checkShape(name, args, SHAPE, NAMES);
    refuse(name, checks(args));

    const { kind, url, secret } = args;
    this.capability = {
      binding: { type: 'secret_text', text: pulumi.secret(secret) },
      values: { KIND: kind, ...(url !== undefined && { URL: url }) },
      permissions: [],
    };
    this.registerOutputs({});
  }

  /**
   * Connects to the database with its secret: `<NAME>` is the secret, `<NAME>_KIND` the kind, and for `turso`, `<NAME>_URL` the
   * address. `turso(env, 'DB')` of `lintel/runtime/edge` builds settings from them, and `neon(env.DB)` takes the connection string
   * as it is. A `ScopedToken` cannot grant it: the database is not Cloudflare's.
   */
  connect(): Capability {
    return this.capability;
  }
}

const CONFIGURED = "take it from the configuration: config.requireSecret('token')";

const SHAPE: Shape<EdgeHttpDatabaseArgs> = {
  kind: needed(known(oneOf('turso', 'neon')), "write 'turso' or 'neon'"),
  secret: needed({ ...input(text('')), remedy: () => CONFIGURED, sensitive: true }, CONFIGURED),
  url: input(text('libsql://orders-acme.turso.io')),
};

const NAMES = { authToken: "write 'secret'", token: "write 'secret'", connectionString: "write 'secret'" };

function checks({ kind, url, secret }: EdgeHttpDatabaseArgs): Check[] {
  const isTurso = kind === 'turso';
  return [
    {
      prop: 'url',
      value: undefined,
      sensitive: true,
      valid: () => isTurso === (url !== undefined),
      rule: isTurso ? "must be given with 'turso'" : "must not be given with 'neon', whose secret contains it",
      remedy: isTurso ? 'give it' : 'leave it out',
    },
    placeUrlCheck(url),
    {
      prop: 'secret',
      value: secret,
      sensitive: true,
      valid: () => secret !== '' && (isTurso ? !/:\/\/|\s/.test(String(secret)) : isConnectionString(String(secret))),
      rule: isTurso
        ? 'must be a token, and nothing else'
        : "must be a connection string: 'postgresql://user:password@host/database'",
      remedy: CONFIGURED,
    },
  ];
}

/** As Neon's driver takes it. */
function isConnectionString(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, hostname, pathname } = new URL(text);
  return /^postgres(ql)?:$/.test(protocol) && [username, password, hostname, pathname.slice(1)].every(Boolean);
}
