import { isIP } from 'node:net';
import * as cloudflare from '@pulumi/cloudflare';
import * as pulumi from '@pulumi/pulumi';
import type { Check } from '../../lib/core/check/check';
import { cloudflare as facts, within } from '../../lib/core/facts';
import type { Capability } from '../../lib/edge/capability';
import { type AccountArgs, checkArgs, checkShape } from '../../lib/edge/check-args';
import { physicalName } from '../../lib/edge/physical-name';
import { ACCOUNT } from '../../lib/edge/worker-shape';
import { filled, needed, number, object, oneOf, text } from '../../lib/core/check/kinds';
import type { Shape } from '../../lib/core/check/shape';

/** The database behind an `EdgePool`. */
export interface PoolOrigin {
  /** Public hostname or address. Private, loopback and link-local addresses cannot be reached. */
  readonly host: pulumi.Input<string>;
  /** Name of the database, at most 63 bytes. */
  readonly database: pulumi.Input<string>;
  /** The database user. What it may do is what every Worker with `connect()` may do. */
  readonly user: pulumi.Input<string>;
  /** The user's password. It becomes a Pulumi secret, whatever is passed. */
  readonly password: pulumi.Input<string>;
  /**
   * Port, from 1 to 65,535.
   * @default 5432, and 3306 for MySQL
   */
  readonly port?: pulumi.Input<number>;
  /**
   * Kind of database.
   * @default 'postgres'
   */
  readonly scheme?: 'postgres' | 'mysql';
}

/** Arguments of an `EdgePool`. */
export interface EdgePoolArgs extends AccountArgs {
  /** Where the database is, and who connects. */
  readonly origin: PoolOrigin;
  /**
   * How long, in seconds from 1 to 3,600, a read may be answered from the cache; `false` for always fresh.
   * @default false, because a cached read does not see the caller's own write
   * @see https://developers.cloudflare.com/hyperdrive/concepts/query-caching/
   */
  readonly cache?: number | false;
  /**
   * Connections to the origin, from 5 to 100. A soft limit: leave the origin room above it.
   * @default - the platform's
   */
  readonly maxConnections?: number;
  /**
   * The configuration's name, unique in the account.
   * @default - project, stack and the component's name
   */
  readonly poolName?: pulumi.Input<string>;
}

/**
 * Pooled connections to a PostgreSQL or MySQL database from everywhere: a Hyperdrive configuration. The Worker uses its
 * ordinary driver with `env.DB.connectionString`. The origin and its password stay secret in the state.
 *
 * @example
 * const pool = new EdgePool('pool', { origin: { host: 'db.example.com', database: 'shop', user: 'api', password } });
 * new EdgeApi('api', { handler: 'workers/api.ts', access: { DB: pool.connect() } });
 * @see https://developers.cloudflare.com/hyperdrive/
 */
export class EdgePool extends pulumi.ComponentResource {
  /** The Hyperdrive configuration. */
  readonly config: cloudflare.HyperdriveConfig;

  /** @throws InputPropertiesError when the platform could not reach the origin or would refuse the settings */
  constructor(name: string, args: EdgePoolArgs, opts?: pulumi.ComponentResourceOptions) {
    super('lintel:edge:EdgePool', name, {}, opts);
    checkShape(name, args, SHAPE, NAMES);
    const accountId = checkArgs(name, args, checks(args));

    const { origin, cache = false } = args;
    const { value, ignoreChanges } = physicalName(args.poolName, name, 'name');
    this.config = new cloudflare.HyperdriveConfig(
      `${name}-config`,
      {
        accountId,
        name: value,
        origin: {
          scheme: origin.scheme ?? 'postgres',
          host: origin.host,
          port: origin.port ?? (origin.scheme === 'mysql' ? 3306 : 5432),
          database: origin.database,
          user: origin.user,
          // The provider does not mark it.
          password: pulumi.secret(origin.password),
        },
        caching: cache === false ? { disabled: true } : { disabled: false, maxAge: cache },
        originConnectionLimit: args.maxConnections,
      },
      { parent: this, ignoreChanges, additionalSecretOutputs: ['origin'] },
    );
    this.registerOutputs({ configId: this.config.id });
  }

  /** Connecting as the origin's user. Cloudflare's API has no permission for it, so a `ScopedToken` refuses it. */
  connect(): Capability {
    return { binding: { type: 'hyperdrive', id: this.config.id }, permissions: [] };
  }
}

const SHAPE: Shape<EdgePoolArgs> = {
  ...ACCOUNT,
  origin: needed(
    object<PoolOrigin>(
      {
        host: needed(text('db.example.com'), "give the host: 'db.example.com'"),
        database: needed(text('shop'), 'name the database'),
        user: needed(text('app'), 'name the user'),
        password: needed(
          {
            ...text(''),
            remedy: () => "take it from the configuration: config.requireSecret('password')",
            sensitive: true,
          },
          "take it from the configuration: config.requireSecret('password')",
        ),
        port: number,
        scheme: oneOf('postgres', 'mysql'),
      },
      '{ host, database, user, password }',
    ),
    'give { host, database, user, password }',
  ),
  cache: {
    ...number,
    rule: 'must be a number of seconds, or false',
    is: (value) => value === false || number.is(value),
  },
  maxConnections: number,
  poolName: filled('shop'),
};

/** Names of the provider, and what says the same here. */
const NAMES = {
  engine: "write 'origin: { scheme }'",
  name: "write 'poolName'",
  caching: "write 'cache'",
  originConnectionLimit: "write 'maxConnections'",
};

const PRIVATE = /^(localhost|127\.|10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|::1$|f[cd][0-9a-f]{2}:|fe80:)/i;

/** An address, or a name with a domain: a name alone is known inside of a network only. */
function isPublicHost(host: string): boolean {
  if (PRIVATE.test(host)) return false;
  return isIP(host) > 0 || /^([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]\.?$/i.test(host);
}

function checks({ origin, cache, maxConnections }: EdgePoolArgs): Check[] {
  const { host, database, user, password, port }: Partial<PoolOrigin> = origin ?? {};
  const bytes = facts.originNameLength.value;
  return [
    {
      prop: 'origin.host',
      value: host,
      valid: () => host !== undefined && isPublicHost(String(host)),
      rule: 'must be a public hostname or address, without scheme and port',
      remedy: 'publish the database through a tunnel or a VPC service, or name its public host',
    },
    ...Object.entries({ database, user }).map(([prop, value]) => ({
      prop: `origin.${prop}`,
      value,
      valid: () => (value ?? '') !== '' && Buffer.byteLength(String(value)) <= bytes,
      rule: `must have from 1 to ${bytes} bytes`,
      remedy: 'name it as the database does',
    })),
    {
      prop: 'origin.password',
      value: password,
      sensitive: true,
      valid: () => (password ?? '') !== '',
      rule: 'must be given',
      remedy: "take it from the configuration: config.requireSecret('password')",
    },
    {
      prop: 'origin.port',
      value: port,
      valid: () => port === undefined || (Number.isInteger(port) && within({ min: 1, max: 65_535 }, Number(port))),
      rule: 'must be a port from 1 to 65535',
      remedy: 'leave it out for the default',
    },
    {
      prop: 'cache',
      value: cache,
      valid: () => !cache || (Number.isInteger(cache) && within(facts.queryCacheAge.value, cache)),
      rule: `must be a whole number of seconds from ${facts.queryCacheAge.value.min} to ${facts.queryCacheAge.value.max}`,
      remedy: "set 'false' for no cache",
    },
    {
      prop: 'maxConnections',
      value: maxConnections,
      valid: () =>
        maxConnections === undefined ||
        (Number.isInteger(maxConnections) && within(facts.originConnections.value, maxConnections)),
      rule: `must be a whole number from ${facts.originConnections.value.min} to ${facts.originConnections.value.max}`,
      remedy: 'leave it out for the default of the platform',
    },
  ];
}
