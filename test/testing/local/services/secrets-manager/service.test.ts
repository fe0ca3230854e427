import {
  BatchGetSecretValueCommand,
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetRandomPasswordCommand,
  GetSecretValueCommand,
  type GetSecretValueCommandInput,
  ListSecretsCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  RotateSecretCommand,
  SecretsManagerClient,
  UpdateSecretCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { inline, running, shop, stopRuns } from '../../support';

let client: SecretsManagerClient;
let writer: SecretsManagerClient;
let own: string;
beforeAll(async () => {
  const run = await running(
    shop((stack) => {
      const secret = new Secret(stack, 'Own');
      secret.grantWrite(inline(stack, 'Writer', 'exports.handler = async () => {};'));
    }),
  );
  client = run.client(SecretsManagerClient);
  writer = run.client(SecretsManagerClient, 'Writer');
  own = run.nameOf('Own');
});
afterAll(stopRuns);

const get = (SecretId: string, rest: Partial<GetSecretValueCommandInput> = {}) =>
  client.send(new GetSecretValueCommand({ SecretId, ...rest }));
const create = (Name: string, SecretString?: string) => client.send(new CreateSecretCommand({ Name, SecretString }));

test('a new value is current, and the one before is the previous one', async () => {
  const { ARN, VersionId: first } = await create('app/token', 'one');
  expect(ARN).toMatch(/:secret:app\/token-\w{6}$/);
  const { VersionId: second } = await client.send(
    new PutSecretValueCommand({ SecretId: 'app/token', SecretString: 'two' }),
  );
  const values = await Promise.all([
    get('app/token'),
    get(ARN!, { VersionStage: 'AWSPREVIOUS' }),
    get('app/token', { VersionId: first }),
  ]);
  expect(values.map(({ SecretString }) => SecretString)).toEqual(['two', 'one', 'one']);
  expect((await client.send(new DescribeSecretCommand({ SecretId: 'app/token' }))).VersionIdsToStages).toEqual({
    [first!]: ['AWSPREVIOUS'],
    [second!]: ['AWSCURRENT'],
  });
});

test('a rotation puts a pending version and makes it current', async () => {
  const { VersionId: first } = await create('app/rotated', 'one');
  const ClientRequestToken = '11111111-1111-1111-1111-111111111111';
  const pending = { SecretId: 'app/rotated', ClientRequestToken, VersionStages: ['AWSPENDING'] };
  await client.send(new PutSecretValueCommand({ ...pending, SecretString: 'two' }));
  expect((await get('app/rotated')).SecretString).toBe('one');
  await client.send(
    new UpdateSecretVersionStageCommand({
      SecretId: 'app/rotated',
      VersionStage: 'AWSCURRENT',
      MoveToVersionId: ClientRequestToken,
      RemoveFromVersionId: first,
    }),
  );
  expect((await get('app/rotated')).SecretString).toBe('two');
  const { Versions } = await client.send(new ListSecretVersionIdsCommand({ SecretId: 'app/rotated' }));
  expect(Versions?.map(({ VersionStages }) => VersionStages)).toEqual([['AWSPENDING', 'AWSCURRENT'], ['AWSPREVIOUS']]);
});

test('the same token with the same value is the same version; refuses another value for it', async () => {
  await create('app/token-twice', 'zero');
  const ClientRequestToken = '22222222-2222-2222-2222-222222222222';
  const update = (SecretString: string) =>
    client.send(new UpdateSecretCommand({ SecretId: 'app/token-twice', ClientRequestToken, SecretString }));
  expect((await update('one')).VersionId).toBe(ClientRequestToken);
  expect((await update('one')).VersionId).toBe(ClientRequestToken);
  await expect(update('two')).rejects.toMatchObject({ name: 'ResourceExistsException' });
});

test('bytes come back as bytes', async () => {
  await client.send(new CreateSecretCommand({ Name: 'app/bytes', SecretBinary: Buffer.from([0, 255]) }));
  const { SecretBinary, SecretString } = await get('app/bytes');
  expect([[...SecretBinary!], SecretString]).toEqual([[0, 255], undefined]);
});

test('refuses a secret that is marked for deletion, until it is restored', async () => {
  const SecretId = 'app/deleted';
  await create(SecretId, 'x');
  await client.send(new DeleteSecretCommand({ SecretId, RecoveryWindowInDays: 7 }));
  await expect(get(SecretId)).rejects.toMatchObject({ name: 'InvalidRequestException' });
  await expect(create(SecretId, 'y')).rejects.toMatchObject({ name: 'InvalidRequestException' });
  expect((await client.send(new ListSecretsCommand({}))).SecretList?.map(({ Name }) => Name)).not.toContain(SecretId);
  await client.send(new RestoreSecretCommand({ SecretId }));
  expect((await get(SecretId)).SecretString).toBe('x');
  await client.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }));
  await expect(get(SecretId)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('several are read at once, and those that are not there are named', async () => {
  await create('app/batch', 'x');
  const answer = await client.send(new BatchGetSecretValueCommand({ SecretIdList: ['app/batch', 'app/none'] }));
  expect(answer.SecretValues).toMatchObject([{ Name: 'app/batch', SecretString: 'x' }]);
  expect(answer.Errors).toMatchObject([{ SecretId: 'app/none', ErrorCode: 'ResourceNotFoundException' }]);
});

test('a password has each kind of character', async () => {
  const { RandomPassword } = await client.send(new GetRandomPasswordCommand({ PasswordLength: 4 }));
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/];
  expect(kinds.every((kind) => kind.test(RandomPassword!))).toBe(true);
});

test.each([
  [{ PasswordLength: 1, RequireEachIncludedType: false }, undefined],
  [{ PasswordLength: 3 }, 'Password length is too short based on the required types.'],
  [{ ExcludeCharacters: '0123456789' }, 'All characters of the desired type have been excluded.'],
  [{ ExcludeCharacters: '0123456789', RequireEachIncludedType: false }, undefined],
])('a password by %j is refused as AWS does: %s', async (settings, message) => {
  const attempt = client.send(new GetRandomPasswordCommand(settings));
  await (message === undefined ? attempt : expect(attempt).rejects.toThrow(message));
});

test('a name may have an exclamation mark', async () => {
  await create('app/new!', 'x');
  expect((await get('app/new!')).SecretString).toBe('x');
});

test('a handler writes what its grant names, and is refused elsewhere', async () => {
  await writer.send(new PutSecretValueCommand({ SecretId: own, SecretString: 'new' }));
  expect((await get(own)).SecretString).toBe('new');
  const created = writer.send(new CreateSecretCommand({ Name: 'app/other', SecretString: 'x' }));
  await expect(created).rejects.toThrow('not authorized to perform: secretsmanager:CreateSecret');
});

test('refuses tokens that are too short, and more than twenty secrets at once', async () => {
  const put = new PutSecretValueCommand({ SecretId: own, SecretString: 'x', ClientRequestToken: 'job-1' });
  await expect(client.send(put)).rejects.toThrow('Member must have length greater than or equal to 32');
  const SecretIdList = Array.from({ length: 21 }, (_, index) => `s${index}`);
  const batch = client.send(new BatchGetSecretValueCommand({ SecretIdList }));
  await expect(batch).rejects.toMatchObject({ name: 'ValidationException' });
});

test('refuses a stage or a version that is not there, a name that is taken, and what is not served', async () => {
  await create('app/refusals', 'x');
  const pending = get('app/refusals', { VersionStage: 'AWSPENDING' });
  await expect(pending).rejects.toThrow("can't find the specified secret value for staging label: AWSPENDING");
  await expect(create('app/refusals', 'y')).rejects.toMatchObject({ name: 'ResourceExistsException' });
  const rotate = new RotateSecretCommand({ SecretId: 'app/refusals' });
  await expect(client.send(rotate)).rejects.toThrow('does not answer secretsmanager:RotateSecret');
});
