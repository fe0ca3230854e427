import * as cloudflare from '@pulumi/cloudflare';
import * as pulumi from '@pulumi/pulumi';
import type { Check } from '../../lib/core/check/check';
import { cloudflare as facts, within } from '../../lib/core/facts';
import type { Capability } from '../../lib/edge/capability';
import { type AccountArgs, checkArgs, checkName, checkShape } from '../../lib/edge/check-args';
import { claimOwnName } from '../../lib/edge/claims';
import { physicalName } from '../../lib/edge/physical-name';
import { type PoolOrigin, type PoolTls, TLS_MODES } from '../../lib/edge/pool/origin';
import { originChecks, tlsChecks } from '../../lib/edge/pool/origin-checks';
import { createService, originInputs, tlsInputs } from '../../lib/edge/pool/origin-inputs';
import { ACCOUNT, identifier } from '../../lib/edge/worker-shape';
import { filled, hidden, input, needed, number, object, oneOf, text } from '../../lib/core/check/kinds';
import type { Kind, Shape } from '../../lib/core/check/shape';

/** Arguments of an `EdgePool`. */
export interface EdgePoolArgs extends AccountArgs {
  /** Where the database is, and who connects. */
  readonly origin: PoolOrigin;
  /**
   * Certificates of the database and of the pool, where a public authority is not enough.
   * @default - encrypted, with a certificate from a public authority
   */
  readonly tls?: PoolTls;
  /**
   * How long a read may be answered from the cache, in seconds from 1 to 3,600, plus 15 while it is refreshed; `false` to always
   * read from the database.
   * @default false, because a cached read does not see the caller's own writes
   * @see https://developers.cloudflare.com/hyperdrive/concepts/query-caching/
   */
  readonly cache?: number | false;
  /**
   * Connections to the origin, from 5 to 100. A soft limit: leave the origin some headroom.
   * @default - the platform's default
   */
  readonly maxConnections?: number;
  /**
   * The configuration's name, unique in the account.
   * @default - from project, stack and the component's name
   */
  readonly poolName?: pulumi.Input<string>;
}

/**
 * Pooled connections to a PostgreSQL or MySQL database from everywhere: a Hyperdrive configuration. The Worker uses an
 * ordinary driver with `env.DB.connectionString`. The origin and its password stay secret in the state. A database in a private network
 * is reached through a tunnel: nothing in it has to be public.
 *
 * @example
 * const orders = new EdgePool('orders', { origin: { host: '10.0.0.5', tunnelId: tunnel.id, database: 'shop', user: 'api', password } });
 * const pool = new EdgePool('pool', { origin: { host: 'db.example.com', database: 'shop', user: 'api', password } });
 * new EdgeApi('api', { handler: 'workers/api.ts', access: { DB: pool.connect() } });
 * @see https://developers.cloudflare.com/hyperdrive/
 */
export class EdgePool extends pulumi.ComponentResource {
  /** The Hyperdrive configuration. */
  readonly config: cloudflare.HyperdriveConfig;
  /** The VPC service that leads to the database, if `origin.tunnelId` is set. */
  readonly service?: cloudflare.ConnectivityDirectoryService;

  /** @throws InputPropertiesError when the platform could not reach the origin or would refuse the settings */
  constructor(name: string, args: EdgePoolArgs, opts?: pulumi.ComponentResourceOptions) {
    checkName(new.target, name, opts);
    super('lintel:edge:EdgePool', name, {}, opts);
    checkShape(name, args, SHAPE, NAMES);
    const accountId = checkArgs(name, args, checks(args));

    const { origin, tls, cache = false } = args;
    if (origin.tunnelId !== undefined) this.service = createService(this, name, { accountId, origin, tls });
    const { value, ignoreChanges } = physicalName(args.poolName, name, 'name');
    claimOwnName(name, 'pool', 'poolName', { value, ignoreChanges, accountId });
    this.config = new cloudflare.HyperdriveConfig(
      `${name}-config`,
      {
        accountId,
        name: value,
        origin: originInputs(origin, this.service?.serviceId),
        mtls: tlsInputs(origin, tls),
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

const remedyOf = (name: string) => `take it from the configuration: config.requireSecret('${name}')`;

/** Text that never appears in a message. */
const secret = (name: string): Kind => ({ ...text(''), remedy: () => remedyOf(name), sensitive: true });

const SHAPE: Shape<EdgePoolArgs> = {
  ...ACCOUNT,
  origin: needed(
    hidden(
      object<PoolOrigin>(
        {
          host: input(text('db.example.com')),
          database: input(needed(text('shop'), 'name the database')),
          user: input(needed(text('app'), 'name the user')),
          password: input(needed(secret('password'), remedyOf('password'))),
          port: input(number),
          scheme: oneOf('postgres', 'mysql'),
          accessClientId: input(filled('88bf3b6d86161464f6509f7219099e57.access')),
          accessClientSecret: input(secret('accessClientSecret')),
          tunnelId: identifier('f70ff985-a4ef-4643-bbbc-4a0ed4fc8415'),
          serviceId: identifier('0191dce4-9ab4-7fce-b660-8e5dec5172da'),
        },
        '{ host, database, user, password }',
      ),
    ),
    'give { host, database, user, password }',
  ),
  tls: object<PoolTls>(
    {
      mode: oneOf(...TLS_MODES),
      caCertificateId: identifier('00000000-0000-0000-0000-0000000000'),
      clientCertificateId: identifier('00000000-0000-0000-0000-0000000000'),
    },
    "{ mode: 'verify-full', caCertificateId }",
    { sslmode: "write 'mode'", mtlsCertificateId: "write 'clientCertificateId'" },
  ),
  cache: {
    ...number,
    rule: 'must be a number of seconds, or false',
    is: (value) => value === false || number.is(value),
  },
  maxConnections: number,
  poolName: input(filled('shop')),
};

/** Names from the provider, and their equivalents here. */
const NAMES = {
  engine: "write 'origin: { scheme }'",
  name: "write 'poolName'",
  caching: "write 'cache'",
  originConnectionLimit: "write 'maxConnections'",
  mtls: "write 'tls'",
};

function checks({ origin, tls, cache, maxConnections }: EdgePoolArgs): Check[] {
  return [
    ...originChecks(origin),
    ...tlsChecks(origin, tls),
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
      remedy: "leave it out for the platform's default",
    },
  ];
}
