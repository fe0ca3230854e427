import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { CfnCluster } from 'aws-cdk-lib/aws-dsql';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IDatabaseCluster } from 'aws-cdk-lib/aws-rds';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IConstruct } from 'constructs';
import { Access } from '../access/access';
import { Capability } from '../access/capability';
import { atHome } from '../access/target';

/** Databases that are reached without a VPC. */
export type HttpDatabaseKind = 'dsql' | 'neon' | 'planetscale' | 'turso' | 'data-api' | 'upstash';

/** DSQL's only database. */
const DSQL_DATABASE = 'postgres';

/** Aurora DSQL, as one user. SQL creates the user, and ties it to the function's role. */
export function dsqlAccess(cluster: CfnCluster, user: string): Capability {
  const { region } = Stack.of(cluster);
  const variables = {
    KIND: 'dsql',
    HOST: cluster.attrEndpoint,
    PORT: '5432',
    NAME: DSQL_DATABASE,
    USER: user,
    REGION: region,
    DIRECT: '1',
  };
  return new Capability({
    variables,
    statements: [{ actions: ['dsql:DbConnect'], resources: [cluster.attrResourceArn] }],
    connect: (fn) => outputGrant(fn, cluster, user),
  });
}

/** An output in the function's stack, since another stack must not depend on its role. */
function outputGrant(fn: lambda.Function, cluster: IConstruct, user: string): void {
  const id = `GrantOf${cluster.node.addr.slice(-8)}${user}`;
  if (fn.role === undefined || fn.node.tryFindChild(id)) return;
  new CfnOutput(fn, id, {
    description: 'Statements for the database administrator to run once',
    value: `CREATE ROLE ${user} WITH LOGIN; AWS IAM GRANT ${user} TO '${fn.role.roleArn}'`,
  });
}

/** SQL through a cluster's Data API, which reads the user's secret itself. */
export function dataApiAccess(cluster: IDatabaseCluster, secret: ISecret, database: string): Capability {
  const { statements } = Access.secret(secret).read();
  const { clusterArn } = cluster;
  return new Capability({
    variables: {
      KIND: 'data-api',
      CLUSTER_ARN: clusterArn,
      SECRET_ARN: secret.secretArn,
      NAME: database,
      REGION: Stack.of(cluster).region,
    },
    statements: [
      ...statements,
      { actions: DATA_API, resources: [clusterArn], of: () => ({ ...atHome('a cluster', cluster), near: false }) },
    ],
  });
}

/** What migrations and handlers do through the Data API. */
export const DATA_API = [
  'rds-data:ExecuteStatement',
  'rds-data:BatchExecuteStatement',
  'rds-data:BeginTransaction',
  'rds-data:CommitTransaction',
  'rds-data:RollbackTransaction',
];

/** Another provider's database: its secret, and its URL unless the secret contains it. */
export function providerAccess(kind: HttpDatabaseKind, secret: ISecret, url: string | undefined): Capability {
  return new Capability({
    variables: { KIND: kind, SECRET_ARN: secret.secretArn, ...(url !== undefined && { URL: url }) },
    statements: Access.secret(secret).read().statements,
  });
}
