import { App, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as rds from 'aws-cdk-lib/aws-rds';
import type { GraphResource } from '../../../lib/core/model/graph';
import { placeholder } from '../../../lib/core/model/placeholder';
import { readAssembly } from '../../../lib/core/model/read-assembly';
import { readGraph } from '../../../lib/core/model/read-graph';
import { RULES } from '../../../lib/rules/rules/registry';
import { judgeAll, modelOf } from './faults';
import { allow } from './parts';
import { direct, pooled, withSecret } from './databases/templates';

test.each(Object.entries({ pooled, withSecret, direct }))(
  'the good template %s is clean under all rules',
  (_, base) => {
    expect(judgeAll(modelOf(base))).toEqual({ findings: [], unknown: [], failures: [] });
  },
);

const ABOUT_DATABASES = RULES.filter(({ id }) => /Prox|Database|Connect|SecurityGroup|PlaintextSecret/.test(id));

/** What CDK and Pulumi programs of others become: nothing in them knows of our constructs. */
describe('databases of others', () => {
  test('CDK’s own grantConnect leaves the half of the proxy out, and opens no way', () => {
    const app = new App({ builtinCloudFormationValidation: false });
    const stack = new Stack(app, 'Shop');
    const vpc = new ec2.Vpc(stack, 'Network', { maxAzs: 2 });
    const cluster = new rds.DatabaseCluster(stack, 'Cluster', {
      engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_17_7 }),
      vpc,
      writer: rds.ClusterInstance.serverlessV2('Writer'),
      serverlessV2MinCapacity: 0,
      iamAuthentication: true,
      storageEncrypted: true,
    });
    const proxy = new rds.DatabaseProxy(stack, 'Proxy', {
      proxyTarget: rds.ProxyTarget.fromCluster(cluster),
      vpc,
      defaultAuthScheme: rds.DefaultAuthScheme.IAM_AUTH,
    });
    const fn = new lambda.Function(stack, 'Reader', {
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: lambda.Code.fromInline('exports.handler = async () => {};'),
      vpc,
      environment: { DB_HOST: proxy.endpoint },
    });
    proxy.grantConnect(fn, 'app');
    cluster.connections.allowDefaultPortFrom(ec2.Peer.ipv4(vpc.vpcCidrBlock));
    const { findings } = judgeAll(readAssembly(app.synth().directory), ABOUT_DATABASES);
    expect(findings.map((one) => one.replace(/[0-9A-F]{8}:/, ':')).sort()).toEqual([
      expect.stringContaining('AutoPauseProxy ProxyProxyTargetGroup'),
      expect.stringContaining('DatabaseNetworkWide ClusterSecurityGroup'),
      expect.stringContaining(
        'ProxyConnectNetwork Reader: is given the endpoint of Shop/Proxy, which does not let it in on port 5432',
      ),
      expect.stringContaining(
        "ProxyUserGrant Proxy: accepts 'app', but its role Shop/Proxy/IAMRole may not log in to Shop/Cluster as that user (rds-db:connect)",
      ),
    ]);
  });

  const out = (type: string, name: string, output: string) => placeholder(type, name, output);
  const [CLUSTER, PROXY, GROUP, ROLE] = [
    'aws:rds/cluster:Cluster',
    'aws:rds/proxy:Proxy',
    'aws:ec2/securityGroup:SecurityGroup',
    'aws:iam/role:Role',
  ] as const;
  const SECRET = 'aws:secretsmanager/secret:Secret';
  const resource = (type: string, name: string, inputs: object): GraphResource => ({
    type,
    name,
    inputs: { ...inputs },
    dependsOn: [],
    secrets: [],
    options: {},
  });
  const before = (database: string) => [
    resource('aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup', 'group', {
      dbProxyName: out(PROXY, 'pool', 'name'),
    }),
    resource('aws:rds/proxyTarget:ProxyTarget', 'target', {
      dbProxyName: out(PROXY, 'pool', 'name'),
      targetGroupName: out('aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup', 'group', 'name'),
      dbClusterIdentifier: out(CLUSTER, database, 'id'),
    }),
  ];
  const trustOf = (service: string) => ({
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
  });
  const rolling = (name: string, service: string, ...statements: object[]) =>
    resource(ROLE, name, {
      assumeRolePolicy: JSON.stringify(trustOf(service)),
      inlinePolicies: [{ name: 'own', policy: JSON.stringify({ Statement: statements }) }],
    });

  test('a Pulumi program is judged by the same rules', () => {
    const graph = (auth: object, statement: object) => ({
      resources: [
        resource(GROUP, 'data', {
          ingress: [{ protocol: 'tcp', fromPort: 5432, toPort: 5432, cidrBlocks: ['10.0.0.0/16'] }],
        }),
        resource(CLUSTER, 'db', {
          engine: 'aurora-postgresql',
          storageEncrypted: true,
          vpcSecurityGroupIds: [out(GROUP, 'data', 'id')],
          serverlessv2ScalingConfiguration: { minCapacity: 0, maxCapacity: 4 },
          masterPassword: 'hunter2-hunter2',
        }),
        resource(SECRET, 'password', {}),
        rolling('proxy', 'rds.amazonaws.com', statement),
        resource(PROXY, 'pool', { engineFamily: 'POSTGRESQL', roleArn: out(ROLE, 'proxy', 'arn'), ...auth }),
        ...before('db'),
        resource('aws:iam/rolePolicy:RolePolicy', 'connect', {
          role: 'reader',
          policy: JSON.stringify({
            Statement: [
              {
                ...allow('rds-db:connect', 'arn:aws:rds-db:eu-west-1:111122223333:dbuser:prx-1/app'),
                Condition: { StringEquals: { 'aws:SourceVpc': 'vpc-1' } },
              },
            ],
          }),
        }),
      ],
      outputs: {},
    });
    const secrets = {
      auths: [{ authScheme: 'SECRETS', iamAuth: 'DISABLED', secretArn: out(SECRET, 'password', 'arn') }],
    };
    const { findings } = judgeAll(
      readGraph(graph(secrets, allow('secretsmanager:ListSecrets', '*')), { name: 'shop' }),
      ABOUT_DATABASES,
    );
    expect(findings.map((one) => one.split(' ')[0]).sort()).toEqual([
      'AutoPauseProxy',
      'ConnectCondition',
      'DatabaseNetworkWide',
      'PlaintextSecret',
      'ProxyIam',
      'ProxySecretAccess',
      'ProxyTls',
    ]);
  });

  test('a Pulumi program that goes beside its proxy, and has half of what it needs, is judged by the rest of them', () => {
    const FN = 'aws:lambda/function:Function';
    const dbUser = (id: string, name: string) => `arn:aws:rds-db:eu-west-1:111122223333:dbuser:${id}/${name}`;
    const cluster = (name: string) =>
      resource(CLUSTER, name, {
        engine: 'aurora-postgresql',
        storageEncrypted: true,
        vpcSecurityGroupIds: [out(GROUP, 'data', 'id')],
        serverlessv2ScalingConfiguration: { minCapacity: 1, maxCapacity: 1 },
      });
    const fn = (name: string, more: object) =>
      resource(FN, name, {
        role: out(ROLE, name, 'arn'),
        vpcConfig: { securityGroupIds: [out(GROUP, name, 'id')], subnetIds: ['subnet-1'] },
        ...more,
      });
    const endpoint = { environment: { variables: { DB_HOST: out(PROXY, 'pool', 'endpoint') } } };
    const letIn = (...groups: string[]) => [
      {
        protocol: 'tcp',
        fromPort: 5432,
        toPort: 5432,
        securityGroups: groups.map((name) => out(GROUP, name, 'id')),
      },
    ];
    const resources = [
      resource(GROUP, 'data', { ingress: letIn('pool', 'beside') }),
      resource(GROUP, 'pool', { ingress: letIn('beside') }),
      resource(GROUP, 'shut', {}),
      resource(GROUP, 'beside', {}),
      cluster('db'),
      cluster('direct'),
      rolling(
        'proxy',
        'rds.amazonaws.com',
        allow('rds-db:connect', dbUser(out(CLUSTER, 'db', 'clusterResourceId'), 'clerk')),
      ),
      resource(PROXY, 'pool', {
        engineFamily: 'POSTGRESQL',
        requireTls: true,
        defaultAuthScheme: 'IAM_AUTH',
        roleArn: out(ROLE, 'proxy', 'arn'),
        vpcSecurityGroupIds: [out(GROUP, 'pool', 'id')],
      }),
      ...before('db'),
      rolling('shut', 'lambda.amazonaws.com'),
      fn('shut', endpoint),
      rolling(
        'beside',
        'lambda.amazonaws.com',
        allow('rds-db:connect', dbUser('*', 'app')),
        allow('rds-db:connect', dbUser(out(CLUSTER, 'direct', 'clusterResourceId'), 'app')),
      ),
      fn('beside', { ...endpoint, reservedConcurrentExecutions: 400 }),
    ];
    const { findings } = judgeAll(readGraph({ resources, outputs: {} }, { name: 'shop' }), ABOUT_DATABASES);
    expect(findings.sort()).toEqual([
      'ConnectionBudget direct: has 184 connections at 1 ACU, but functions hold 400 (beside 400)',
      "ProxyBypass beside: lets beside log in to db around its proxy, as 'app'",
      'ProxyBypass db: lets beside in around its proxy pool',
      'ProxyConnectNetwork shut: is given the endpoint of pool, which does not let it in on port 5432',
      'ProxyConnectPermission shut: is given the endpoint of pool, but its role lacks rds-db:connect on it',
      "ProxyUserGrant pool: accepts 'app', but its role proxy may not log in to db as that user (rds-db:connect)",
    ]);
  });
});
