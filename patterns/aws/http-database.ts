import { RemovalPolicy } from 'aws-cdk-lib';
import { CfnCluster } from 'aws-cdk-lib/aws-dsql';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IDatabaseCluster } from 'aws-cdk-lib/aws-rds';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { PatternConstruct } from '../../lib/aws/pattern-construct';
import type { Capability } from '../../lib/aws/access/capability';
import { secretOf } from '../../lib/aws/database/administration';
import { DATABASE } from '../../lib/aws/database/cluster';
import { userChecks } from '../../lib/aws/database/connect-checks';
import { dataApiAccess, dsqlAccess, type HttpDatabaseKind, providerAccess } from '../../lib/aws/database/http-kinds';
import { databaseNameOf, switchOnDataApi } from '../../lib/aws/database/target';
import { KEY, SECRET } from '../../lib/aws/resource-kinds';
import { check, type Check } from '../../lib/core/check/check';
import { filled, having, known, needed, oneOf, text } from '../../lib/core/check/kinds';
import { placeUrlCheck } from '../../lib/core/check/place-url';
import type { Shape } from '../../lib/core/check/shape';
import { checkPlacedProps } from '../../lib/aws/placed-props';

/** Props of an `HttpDatabase`. */
export interface HttpDatabaseProps {
  /**
   * Which kind. `dsql` is created here; the others exist already, and `cluster` or `secret` point to them.
   * - `dsql`, `neon`: PostgreSQL's wire protocol, with its usual drivers
   * - `planetscale`, `turso`, `data-api`: SQL over HTTP, one request per statement or transaction
   * - `upstash`: Redis over HTTP
   */
  readonly kind: HttpDatabaseKind;
  /**
   * The cluster of `data-api`. Its Data API is switched on if this app creates the cluster.
   * @default - required with `data-api`; other kinds take none
   */
  readonly cluster?: IDatabaseCluster;
  /**
   * The database's secret: a connection string (`neon`), JSON with `host`, `username` and `password` (`planetscale`), a token
   * (`turso`, `upstash`), a user of the cluster (`data-api`).
   * @default - the cluster's own; required for other providers; `dsql` takes none
   */
  readonly secret?: ISecret;
  /**
   * The database's address: `https://orders-acme.turso.io`.
   * @default - required for `turso` and `upstash`; otherwise part of the secret
   */
  readonly url?: string;
  /**
   * The database within the cluster, for `data-api`.
   * @default - the cluster's default database, or 'app'
   */
  readonly databaseName?: string;
  /**
   * The key that encrypts a `dsql` cluster's storage.
   * @default - an AWS-owned key, free of charge
   */
  readonly encryptionKey?: IKey;
  /**
   * What happens to a `dsql` cluster when the stack is deleted; DESTROY also lifts deletion protection.
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A database without a VPC: functions reach it over the internet or AWS's own network, with IAM or a secret that only they may
 * read. No pooling is needed: DSQL and the providers pool, or every request is independent.
 * @example
 * const orders = new HttpDatabase(this, 'Orders', { kind: 'dsql' });
 * new ServiceFunction(this, 'Place', { entry: 'src/place.ts', access: { DB: orders.connect('app_user') } });
 */
export class HttpDatabase extends PatternConstruct {
  /** The `dsql` cluster. */
  readonly dsql?: CfnCluster;
  private readonly props: HttpDatabaseProps;

  /** @throws PatternError when something the kind needs is missing, or something it does not take is given */
  constructor(scope: Construct, id: string, props: HttpDatabaseProps) {
    super(scope, id);
    checkPlacedProps(this, props, SHAPE, kindChecks);
    this.props = props;
    if (props.kind === 'dsql') this.dsql = dsqlCluster(this, props);
    if (props.kind === 'data-api') switchOnDataApi(props.cluster!);
  }

  /**
   * Connects to the database: `dsql` as one user by IAM, the others with their secret. `<NAME>_KIND` tells the helpers of
   * `lintel/runtime` which kind it is.
   * @param user database user, `dsql` only; an output of the function's stack has the SQL that creates it
   * @throws PatternError when a user is given and the kind has none, or is missing where one is needed
   */
  connect(user?: string): Capability {
    const { kind, secret, cluster, url, databaseName } = this.props;
    check(this, connectChecks(kind, user));
    if (this.dsql) return dsqlAccess(this.dsql, user!);
    if (kind !== 'data-api') return providerAccess(kind, secret!, url);
    return dataApiAccess(cluster!, secret ?? secretOf(cluster!)!, databaseName ?? databaseNameOf(cluster!) ?? DATABASE);
  }
}

function dsqlCluster(scope: Construct, { encryptionKey, removalPolicy = RemovalPolicy.RETAIN }: HttpDatabaseProps) {
  const cluster = new CfnCluster(scope, 'Cluster', {
    deletionProtectionEnabled: removalPolicy !== RemovalPolicy.DESTROY,
    kmsEncryptionKey: encryptionKey?.keyArn,
  });
  cluster.applyRemovalPolicy(removalPolicy);
  return cluster;
}

const SHAPE: Shape<HttpDatabaseProps> = {
  kind: needed(
    known(oneOf('dsql', 'neon', 'planetscale', 'turso', 'data-api', 'upstash')),
    "write 'dsql', or another of the kinds",
  ),
  cluster: having(
    'an Aurora cluster',
    'clusterIdentifier',
    'pass a DatabaseCluster, or fromDatabaseClusterAttributes(...)',
  ),
  secret: SECRET,
  url: text('https://orders-acme.turso.io'),
  databaseName: filled('app'),
  encryptionKey: KEY,
  removalPolicy: known(oneOf('retain', 'destroy', 'retain-on-update-or-delete')),
};

/** What each kind requires and accepts besides `kind`. */
const NEEDS: Readonly<Record<HttpDatabaseKind, { needed: readonly Own[]; also: readonly Own[] }>> = {
  dsql: { needed: [], also: ['encryptionKey', 'removalPolicy'] },
  neon: { needed: ['secret'], also: [] },
  planetscale: { needed: ['secret'], also: [] },
  turso: { needed: ['secret', 'url'], also: [] },
  upstash: { needed: ['secret', 'url'], also: [] },
  'data-api': { needed: ['cluster'], also: ['secret', 'databaseName'] },
};

type Own = Exclude<keyof HttpDatabaseProps, 'kind'>;

function kindChecks(props: HttpDatabaseProps): Check[] {
  const { kind, cluster, secret, url } = props;
  const { needed: required, also } = NEEDS[kind];
  const all = Object.keys(SHAPE).filter((name) => name !== 'kind') as Own[];
  return [
    ...all.map((prop): Check => {
      const must = required.includes(prop);
      return {
        prop,
        value: undefined,
        sensitive: true,
        valid: () => (must ? props[prop] !== undefined : also.includes(prop) || props[prop] === undefined),
        rule: must ? `must be given with '${kind}'` : `must not be given with '${kind}', which takes none`,
        remedy: must ? 'give it' : 'leave it out',
      };
    }),
    {
      prop: 'secret',
      value: undefined,
      sensitive: true,
      valid: () => kind !== 'data-api' || cluster === undefined || (secret ?? secretOf(cluster)) !== undefined,
      rule: "must be given with 'data-api' when 'cluster' has no secret of its own",
      remedy: 'give the secret of a user of the cluster',
    },
    placeUrlCheck(url),
  ];
}

function connectChecks(kind: HttpDatabaseKind, user: string | undefined): Check[] {
  if (kind === 'dsql' && user !== undefined) {
    return [
      ...userChecks('connect', user, 'postgres'),
      {
        prop: 'connect',
        value: user,
        valid: () => user !== 'admin',
        rule: 'must not be the administrator, who may do everything',
        remedy: "name a user of the application: 'app_user'",
      },
    ];
  }
  return [
    {
      prop: 'connect',
      value: user,
      valid: () => (user === undefined) === (kind !== 'dsql'),
      rule: kind === 'dsql' ? 'must name a user' : `must name no user with '${kind}', whose secret says who it is`,
      remedy: kind === 'dsql' ? "write connect('app_user')" : 'write connect()',
    },
  ];
}
