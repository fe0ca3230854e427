import { ArnFormat, CustomResource, Duration, Lazy, Names, Stack } from 'aws-cdk-lib';
import type { IConnectable, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { createHash } from 'node:crypto';
import type { SqlFile } from '../../core/sql-files';
import { acknowledge } from '../acknowledge';
import { Access } from '../access/access';
import { Capability } from '../access/capability';
import { bundledCode } from '../bundle';
import { ServiceFunction } from '../service-function';
import { shippedModule } from '../shipped-module';
import { PatternConstruct } from '../pattern-construct';
import { connection, connectTo, userArn } from './connect';
import { DATA_API } from './http-kinds';
import { type MigrationFile, migrationFiles } from './migration-files';
import { type RoutedService, subnetsWithEgress, unreached } from './routes';
import type { DatabaseTarget } from './target';
import type { DatabaseUser } from './user-statements';

/** How migrations connect to a database, and as whom. */
export type Administration =
  | { readonly by: 'iam'; readonly user: string }
  | { readonly by: 'secret' | 'data-api'; readonly secret: ISecret };

/** Props of `DatabaseMigrations`. */
export interface DatabaseMigrationsProps {
  readonly vpc: IVpc;
  readonly vpcSubnets: SubnetSelection;
  readonly target: DatabaseTarget;
  /** Whether the construct created the database, and nothing else uses it. */
  readonly own: boolean;
  readonly database: string;
  readonly administration: Administration;
  readonly files: readonly SqlFile[];
  readonly timeout: Duration;
  readonly snapshot: boolean;
  /** Routes out of the VPC that this app does not see. */
  readonly routes: readonly RoutedService[];
  /** The users, once all that connect are known. */
  readonly users: () => readonly DatabaseUser[];
}

/** CloudFormation times out a little after the function. */
const ANSWER = 60;

/**
 * Creates users and applies migrations when the stack is deployed, directly on the writer: migrations would pin the proxy's
 * connections. CloudFormation invokes the function, which responds to it directly.
 */
export class DatabaseMigrations extends PatternConstruct {
  /** Applies the migrations: the one function that connects without the proxy. */
  readonly handler: ServiceFunction;
  /** What functions that connect depend on. */
  readonly resource: CustomResource;

  constructor(scope: Construct, id: string, props: DatabaseMigrationsProps) {
    super(scope, id);
    const { vpc, target, administration, timeout } = props;
    const { by } = administration;
    const vpcSubnets = subnetsWithEgress(vpc, props.vpcSubnets);
    // The Data API is an AWS service endpoint: no VPC needed.
    const network = by === 'data-api' ? {} : { vpc, vpcSubnets };
    this.handler = new ServiceFunction(this, 'Migrate', {
      code: this.code(target.engine, props.files),
      environment: { NODE_OPTIONS: '--enable-source-maps' },
      timeout,
      // A second attempt would keep running after CloudFormation has given up and rolled back.
      retryAttempts: 0,
      description: 'Makes the users of the database and applies its migrations at deployment',
      access: { DB: this.reach(props) },
      ...network,
    });
    acknowledge(this.handler.node.findChild('EventInvokeConfig').node.defaultChild!, ANSWERED);
    this.resource = this.deployed(props);
    if (by !== 'data-api') {
      const needed = routesOf(by, props.snapshot);
      this.node.addValidation({ validate: () => this.cutOff(unreached(vpc, vpcSubnets, needed, props.routes)) });
    }
  }

  private deployed(props: DatabaseMigrationsProps): CustomResource {
    const { target, files, timeout, users } = props;
    const migrations = migrationFiles(target.engine, files);
    const resource = new CustomResource(this, 'Resource', {
      serviceToken: this.handler.functionArn,
      resourceType: 'Custom::DatabaseMigrations',
      serviceTimeout: Duration.seconds(timeout.toSeconds() + ANSWER),
      properties: {
        Engine: target.engine,
        Own: props.own ? 'yes' : 'no',
        Files: migrations,
        Users: Lazy.any({ produce: users }),
        TimeoutSeconds: timeout.toSeconds(),
        ...(props.snapshot && migrations.length > 0 && { SnapshotIdentifier: this.snapshotName(migrations) }),
      },
    });
    resource.node.addDependency(this.handler);
    if (Stack.of(target.construct) === Stack.of(this)) {
      resource.node.addDependency(target.construct, ...groupsOf(target.construct));
    }
    return resource;
  }

  /** One snapshot per set of files. */
  private snapshotName(files: readonly MigrationFile[]): string {
    const content = createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 12);
    return `${Names.uniqueResourceName(this, { maxLength: 40 }).toLowerCase()}-before-${content}`;
  }

  private code(engine: string, files: readonly SqlFile[]): lambda.Code {
    const other = engine === 'postgres' ? ['mysql2', 'mysql2/promise'] : ['pg'];
    return bundledCode(this, this.node.path, {
      entry: shippedModule('database/migrate/handler'),
      bundling: { external: [...other, 'pg-native'] },
      files: new Map(files.map(({ name, sql }) => [`migrations/${name}`, Buffer.from(sql)])),
    });
  }

  /** Access to the database, and whatever else the function needs. */
  private reach(props: DatabaseMigrationsProps): Capability {
    const { target, database, administration, snapshot } = props;
    const way = this.way(target, database, administration);
    return snapshot ? way.and(this.snapshots(target)) : way;
  }

  private way(target: DatabaseTarget, database: string, administration: Administration): Capability {
    const { host, port, construct } = target;
    const { region, account } = Stack.of(this);
    // Earlier checks refuse a database for which these are needed but unknown.
    const to = { host: host!, port, database, region, account, to: construct, direct: true };
    if (administration.by === 'iam') {
      const { user } = administration;
      return connection({ ...to, user, statements: [connectTo(userArn(this, target.resourceId!, user))] });
    }
    const { secret, by } = administration;
    const { statements } = Access.secret(secret).read();
    if (by === 'secret') {
      const { secretArn } = secret;
      return connection({ ...to, user: BY_SECRET, statements, variables: { SECRET_ARN: secretArn } });
    }
    return new Capability({
      variables: {
        ...(host !== undefined && { HOST: host }),
        ...{ PORT: String(port), NAME: database, USER: BY_SECRET, REGION: region },
        ...{ DIRECT: '1', DATA_API: '1', CLUSTER_ARN: this.arn(target), SECRET_ARN: secret.secretArn },
      },
      statements: [...statements, { actions: DATA_API, resources: [this.arn(target)] }],
    });
  }

  private snapshots(target: DatabaseTarget): Capability {
    const kind = target.clustered ? 'cluster-snapshot' : 'snapshot';
    const actions = target.clustered
      ? ['rds:CreateDBClusterSnapshot', 'rds:DescribeDBClusterSnapshots']
      : ['rds:CreateDBSnapshot', 'rds:DescribeDBSnapshots'];
    const name = `${Names.uniqueResourceName(this, { maxLength: 40 }).toLowerCase()}-before-*`;
    const made = this.rdsArn(kind, name);
    return new Capability({
      variables: { CLUSTER_ARN: this.arn(target) },
      statements: [
        {
          actions,
          resources: [this.arn(target), made],
          wildcard: 'The end of the name of a snapshot tells which migrations it is from before',
        },
      ],
    });
  }

  private arn({ clustered, identifier }: DatabaseTarget): string {
    return this.rdsArn(clustered ? 'cluster' : 'db', identifier);
  }

  private rdsArn(resource: string, resourceName: string): string {
    return Stack.of(this).formatArn({
      service: 'rds',
      resource,
      resourceName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  }

  private cutOff(missing: ReturnType<typeof unreached>): string[] {
    return missing.map(
      ({ service, remedy }) =>
        `'vpc' must have a route from the migrations to ${WHAT[service]}, got isolated subnets; add ${remedy}, ` +
        `or declare 'routes: ['${service}']' if the VPC has one that this app does not see (${this.node.path})`,
    );
  }
}

const ANSWERED = {
  'Serverless::Serverless-LambdaAsyncFailureDestination':
    'CloudFormation waits for an answer, and tells of a failure itself; the event is in the dead-letter queue',
};

/** Placeholder for a user named by a secret. */
const BY_SECRET = 'by-secret';

const WHAT: Readonly<Record<RoutedService, string>> = {
  s3: 'S3, which responses to CloudFormation go through',
  secretsmanager: 'Secrets Manager, which holds the secret of the administrator',
  rds: 'RDS, which takes the snapshot',
};

function routesOf(by: 'iam' | 'secret', snapshot: boolean): RoutedService[] {
  return ['s3', ...(by === 'secret' ? ['secretsmanager' as const] : []), ...(snapshot ? ['rds' as const] : [])];
}

function groupsOf({ connections }: IConnectable): Construct[] {
  return connections.securityGroups;
}
