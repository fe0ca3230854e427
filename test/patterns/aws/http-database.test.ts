import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import * as rds from 'aws-cdk-lib/aws-rds';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { type Capability, HttpDatabase, type HttpDatabaseProps, ServiceFunction } from 'lintel/aws';

const newStack = (app = new App({ builtinCloudFormationValidation: false }), id = 'Shop') => new Stack(app, id);
const place = (stack: Stack, DB: Capability, OTHER?: Capability) =>
  new ServiceFunction(stack, 'Place', {
    code: Code.fromInline('exports.handler = async () => {};'),
    access: { DB, ...(OTHER && { OTHER }) },
  });
const secretOf = (stack: Stack) => Secret.fromSecretCompleteArn(stack, 'Secret', ARN);
const ARN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf';

test('Aurora DSQL is protected, and lets a function connect by IAM as one user that SQL ties to its role', () => {
  const app = new App({ builtinCloudFormationValidation: false });
  const data = newStack(app, 'Data');
  const orders = new HttpDatabase(data, 'Orders', { kind: 'dsql' });
  const work = newStack(app, 'Work');
  place(work, orders.connect('app_user'));
  const template = Template.fromStack(work);
  expect(data.dependencies).toEqual([]);
  Template.fromStack(data).hasResource('AWS::DSQL::Cluster', {
    DeletionPolicy: 'Retain',
    Properties: { DeletionProtectionEnabled: true },
  });
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: 'dsql:DbConnect', Effect: 'Allow' })]) },
  });
  template.hasResourceProperties('AWS::Lambda::Function', {
    VpcConfig: Match.absent(),
    Environment: {
      Variables: Match.objectLike({ DB_KIND: 'dsql', DB_USER: 'app_user', DB_PORT: '5432', DB_DIRECT: '1' }),
    },
  });
  const [output] = Object.values(template.findOutputs('*')) as { Value: unknown }[];
  expect(JSON.stringify(output!.Value)).toContain("CREATE ROLE app_user WITH LOGIN; AWS IAM GRANT app_user TO '");
});

test('the SQL of each user of one function is told', () => {
  const stack = newStack();
  const orders = new HttpDatabase(stack, 'Orders', { kind: 'dsql' });
  place(stack, orders.connect('app_user'), orders.connect('auditor'));
  const told = JSON.stringify(Template.fromStack(stack).findOutputs('*'));
  expect(told).toContain('CREATE ROLE app_user WITH LOGIN');
  expect(told).toContain('CREATE ROLE auditor WITH LOGIN');
});

test('the Data API of a cluster is switched on, and used with the secret of the cluster', () => {
  const stack = newStack();
  const cluster = rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Team', { clusterIdentifier: 'team' });
  place(stack, new HttpDatabase(stack, 'Orders', { kind: 'data-api', cluster, secret: secretOf(stack) }).connect());
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: Match.objectLike({ DB_KIND: 'data-api', DB_SECRET_ARN: ARN, DB_NAME: 'app' }) },
  });
  const [policy] = Object.values(template.findResources('AWS::IAM::Policy')) as { Properties: object }[];
  expect(JSON.stringify(policy!.Properties)).toContain('rds-data:ExecuteStatement');
});

test.each([
  ['neon', undefined],
  ['planetscale', undefined],
  ['turso', 'https://orders-acme.turso.io'],
  ['upstash', 'https://eu1-calm-cat-1.upstash.io'],
] as const)('%s is reached with its secret, which only the function may read', (kind, url) => {
  const stack = newStack();
  place(stack, new HttpDatabase(stack, 'Orders', { kind, url, secret: secretOf(stack) }).connect());
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::Lambda::Function', {
    Environment: {
      Variables: { DB_KIND: kind, DB_SECRET_ARN: ARN, DB_URL: url ?? Match.absent() },
    },
  });
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([{ Action: 'secretsmanager:GetSecretValue', Effect: 'Allow', Resource: ARN }]),
    },
  });
});

test.each<[string, (stack: Stack) => HttpDatabaseProps, string]>([
  ['a kind without its secret', () => ({ kind: 'neon' }), "'secret' must be given with 'neon'"],
  [
    'a place that a kind does not know',
    (stack) => ({ kind: 'neon', secret: secretOf(stack), url: 'https://a' }),
    "'url' must not be given with 'neon', which takes none",
  ],
  [
    'a secret in a URL',
    (stack) => ({ kind: 'turso', secret: secretOf(stack), url: 'https://a:b@c' }),
    "'url' must begin with 'https://' or 'libsql://', and hold no user, query or fragment",
  ],
  [
    'a token in the query, and does not repeat it',
    (stack) => ({ kind: 'turso', secret: secretOf(stack), url: 'libsql://x.turso.io?authToken=abc' }),
    'it is a plain variable of the function; write it as',
  ],
  ['the Data API of nothing', () => ({ kind: 'data-api' }), "'cluster' must be given with 'data-api'"],
])('refuses %s', (_, props, message) => {
  const stack = newStack();
  expect(() => new HttpDatabase(stack, 'Orders', props(stack))).toThrow(message);
});

test('refuses a user where there are none, and none where one is needed', () => {
  const stack = newStack();
  const neon = new HttpDatabase(stack, 'Neon', { kind: 'neon', secret: secretOf(stack) });
  expect(() => neon.connect('app')).toThrow(
    "'connect' must name no user with 'neon', whose secret says who it is, got 'app'; write connect()",
  );
  const dsql = new HttpDatabase(stack, 'Dsql', { kind: 'dsql' });
  expect(() => dsql.connect()).toThrow("'connect' must name a user, got nothing; write connect('app_user')");
  expect(() => dsql.connect('admin')).toThrow("'connect' must not be the administrator");
});
