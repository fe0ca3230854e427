import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { Duration, type Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, ArnPrincipal, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { LocalRun } from 'lintel/testing';
import { inline, running, shop, stopRuns } from '../../support';

function tenants(stack: Stack): void {
  const files = new Bucket(stack, 'Files');
  const may = (id: string, ...resources: string[]) =>
    inline(stack, id, 'exports.handler = async () => {};', {
      ...(resources.length > 0 && {
        initialPolicy: [new PolicyStatement({ actions: ['sts:AssumeRole'], resources })],
      }),
    });
  const api = may('Api', '*');
  may('Nobody');
  const trusted = may('Trusted');
  const tenant = new Role(stack, 'Tenant', {
    assumedBy: new AccountRootPrincipal(),
    maxSessionDuration: Duration.hours(2),
    path: '/tenants/',
  });
  files.grantPut(tenant);
  new Role(stack, 'Named', { assumedBy: new ArnPrincipal(trusted.role!.roleArn) });
  new Role(stack, 'External', { assumedBy: new AccountRootPrincipal(), externalIds: ['partner'] });
  new Role(stack, 'Service', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  api.addEnvironment('TENANT', tenant.roleArn);
}

let run: LocalRun;
beforeAll(async () => {
  run = await running(shop(tenants), { callers: { 'ci user': [{ Statement: allow('sts:AssumeRole', '*') }] } });
});
afterAll(stopRuns);
afterEach(() => jest.restoreAllMocks());

function allow(Action: string, Resource: string) {
  return { Effect: 'Allow' as const, Action, Resource };
}

const arnOf = (role: string) =>
  `arn:aws:iam::123456789012:role/${role === 'Tenant' ? 'tenants/' : ''}${run.nameOf(role)}`;
const assume = (role: string, as: string, rest: Partial<AssumeRoleCommandInput> = {}) =>
  run.client(STSClient, as).send(new AssumeRoleCommand({ RoleArn: arnOf(role), RoleSessionName: 'ann', ...rest }));

/** A client of S3 with the keys of a session. */
async function session(rest: Partial<AssumeRoleCommandInput> = {}): Promise<{ s3: S3Client; sts: STSClient }> {
  const { Credentials } = await assume('Tenant', 'Api', rest);
  const credentials = {
    accessKeyId: Credentials!.AccessKeyId!,
    secretAccessKey: Credentials!.SecretAccessKey!,
    sessionToken: Credentials!.SessionToken!,
  };
  const config = { ...run.clientConfig, credentials };
  return { s3: new S3Client(config), sts: new STSClient(config) };
}
const put = (s3: S3Client, Key: string) =>
  s3.send(new PutObjectCommand({ Bucket: run.nameOf('Files'), Key, Body: 'x' })).then(
    () => 'put',
    ({ message }: Error) => message,
  );

test('a session may do what the role may', async () => {
  const { s3, sts } = await session();
  const { Arn, Account } = await sts.send(new GetCallerIdentityCommand({}));
  expect([Arn, Account]).toEqual([
    `arn:aws:sts::123456789012:assumed-role/${run.nameOf('Tenant')}/ann`,
    '123456789012',
  ]);
  expect(await put(s3, 'a/1')).toBe('put');
  const role = run.report().roles.find(({ name }) => name === 'Shop/Tenant');
  expect(role).toMatchObject({
    assumedBy: ['Shop/Api'],
    used: [expect.objectContaining({ action: 's3:PutObject' })],
  });
});

test('the policy of a session limits it', async () => {
  const files = `arn:aws:s3:::${run.nameOf('Files')}`;
  const { s3 } = await session({ Policy: JSON.stringify({ Statement: allow('s3:*', `${files}/a/*`) }) });
  expect(await put(s3, 'a/1')).toBe('put');
  expect(await put(s3, 'b/1')).toContain('because no session policy allows the s3:PutObject action');
});

test('refuses the keys of a session that has ended', async () => {
  const { s3 } = await session();
  const [keys] = [await s3.config.credentials()];
  expect(keys.accessKeyId).toMatch(/^ASIA/);
  const now = Date.now();
  jest.spyOn(Date, 'now').mockImplementation(() => now + 3_601_000);
  expect(await put(s3, 'a/1')).toBe('The provided token has expired.');
});

test.each([
  ['who has no permission for it', 'Tenant', 'Nobody', {}, 'AccessDenied'],
  ['whom the role does not trust', 'Named', 'Api', {}, 'AccessDenied'],
  ['who is no service', 'Service', 'Api', {}, 'AccessDenied'],
  ['who does not say the external id', 'External', 'Api', {}, 'AccessDenied'],
  ['who says another external id', 'External', 'Api', { ExternalId: 'else' }, 'AccessDenied'],
  ['who wants more than the role gives', 'Named', 'Trusted', { DurationSeconds: 7200 }, 'ValidationError'],
  ['who chains roles for more than an hour', 'Tenant', 'Api', { DurationSeconds: 7200 }, 'ValidationError'],
  ['who wants less than fifteen minutes', 'Tenant', 'Api', { DurationSeconds: 60 }, 'ValidationError'],
  ['whose session has no proper name', 'Tenant', 'Api', { RoleSessionName: 'a b' }, 'ValidationError'],
  ['whose policy is none', 'Tenant', 'Api', { Policy: 'nonsense' }, 'MalformedPolicyDocumentException'],
  ['who wants tags', 'Tenant', 'Api', { Tags: [{ Key: 'a', Value: 'b' }] }, 'LocalRunUnsupported'],
  ['who wants a role of nobody', 'Tenant', 'Api', { RoleArn: 'arn:aws:iam::1:role/a' }, 'LocalRunUnsupported'],
])('refuses a caller %s', async (_, role, as, rest, name) => {
  await expect(assume(role, as, rest)).rejects.toMatchObject({ name });
});

test('a role that trusts a caller by name needs no permission of his; one that asks for an external id takes it', async () => {
  expect((await assume('Named', 'Trusted')).AssumedRoleUser?.Arn).toMatch(/\/ann$/);
  expect((await assume('External', 'Api', { ExternalId: 'partner' })).Credentials).toBeDefined();
});

test('a user may have a session for as long as the role gives', async () => {
  const sts = new STSClient({ ...run.clientConfig, credentials: run.credentials('ci user') });
  const input = { RoleArn: arnOf('Tenant'), RoleSessionName: 'ci', DurationSeconds: 7200 };
  const { Credentials } = await sts.send(new AssumeRoleCommand(input));
  expect(Credentials!.Expiration!.getTime() - Date.now()).toBeGreaterThan(7_190_000);
  sts.destroy();
});
