import { RemovalPolicy } from 'aws-cdk-lib';
import { CfnCluster } from 'aws-cdk-lib/aws-dsql';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IDatabaseCluster } from 'aws-cdk-lib/aws-rds';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
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
import { checkProps, type Shape } from '../../lib/core/check/shape';

/** Props of an `HttpDatabase`. */
export interface HttpDatabaseProps {
  /**
   * Which one. `dsql` is made here; the others are there, and told of by `cluster` or `secret`.
   * - `dsql`, `neon`: PostgreSQL's own protocol, with its drivers
   * - `planetscale`, `turso`, `data-api`: SQL by HTTP, one request a statement or a transaction
   * - `upstash`: Redis by HTTP
   */
  readonly kind: HttpDatabaseKind;
  /**
   * The cluster whose Data API is used, of `data-api`; it is switched on where this app makes the cluster.
   * @default - required there, and of no use elsewhere
   */
  readonly cluster?: IDatabaseCluster;
  /**
   * Secret of the database: a connection string (`neon`), JSON with `host`, `username` and `password` (`planetscale`), a token
   * (`turso`, `upstash`), a user of the cluster (`data-api`).
   * @default - that of the cluster; required of other providers; `dsql` has none
   */
  readonly secret?: ISecret;
  /**
   * Where the database is: `https://orders-acme.turso.io`.
   * @default - required of `turso` and `upstash`; the secret of the others says it
   */
  readonly url?: string;
  /**
   * The database in the cluster, of `data-api`.
   * @default - the one with which the cluster was made, or 'app'
   */
  readonly databaseName?: string;
  /**
   * The key of the storage, of `dsql`.
   * @default - a key of AWS's own, free
   */
  readonly encryptionKey?: IKey;
  /**
   * What becomes of a `dsql` cluster when the stack is deleted; DESTROY also lifts its protection.
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A database without a VPC: functions reach it over the internet or by AWS's own network, with IAM or a secret that only they may
 * read. Nothing has to be pooled: DSQL and the providers do, or every request stands alone.
 * @example
 * const orders = new HttpDatabase(this, 'Orders', { kind: 'dsql' });
 * new ServiceFunction(this, 'Place', { entry: 'src/place.ts', access: { DB: orders.connect('app_user') } });
 */
export class HttpDatabase extends Construct {
  /** The cluster of `dsql`. */
  readonly dsql?: CfnCluster;
  private readonly props: HttpDatabaseProps;

  /** @throws PatternError when something is missing that the kind needs, or given that it does not know */
  constructor(scope: Construct, id: string, props: HttpDatabaseProps) {
    super(scope, id);
    checkProps(this, props, SHAPE, kindChecks);
    this.props = props;
    if (props.kind === 'dsql') this.dsql = dsqlCluster(this, props);
    if (props.kind === 'data-api') switchOnDataApi(props.cluster!);
  }

  /**
   * Reaches the database: of `dsql` as one user by IAM, and of the others with their secret. `<NAME>_KIND` tells the helpers of
   * `lintel/runtime` which it is.
   * @param user of `dsql`; an output of the function's stack has the SQL that makes it
   * @throws PatternError for a user where there are none, or none where one is needed
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
    'a cluster of Aurora',
    'clusterIdentifier',
    'pass a DatabaseCluster, or fromDatabaseClusterAttributes(...)',
  ),
  secret: SECRET,
  url: text('https://orders-acme.turso.io'),
  databaseName: filled('app'),
  encryptionKey: KEY,
  removalPolicy: known(oneOf('retain', 'destroy', 'retain-on-update-or-delete')),
};

/** What each kind needs and may have beside `kind`. */
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
  const { needed: wanted, also } = NEEDS[kind];
  const all = Object.keys(SHAPE).filter((name) => name !== 'kind') as Own[];
  return [
    ...all.map((prop): Check => {
      const must = wanted.includes(prop);
      return {
        prop,
        value: undefined,
        sensitive: true,
        valid: () => (must ? props[prop] !== undefined : also.includes(prop) || props[prop] === undefined),
        rule: must ? `must be given with '${kind}'` : `must not be given with '${kind}', which does not know it`,
        remedy: must ? 'give it' : 'leave it out',
      };
    }),
    {
      prop: 'secret',
      value: undefined,
      sensitive: true,
      valid: () => kind !== 'data-api' || cluster === undefined || (secret ?? secretOf(cluster)) !== undefined,
      rule: "must be given with 'data-api' where 'cluster' has none of its own",
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
