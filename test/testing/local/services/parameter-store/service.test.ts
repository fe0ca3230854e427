import {
  AddTagsToResourceCommand,
  DeleteParameterCommand,
  DeleteParametersCommand,
  DescribeParametersCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  LabelParameterVersionCommand,
  ListTagsForResourceCommand,
  PutParameterCommand,
  type PutParameterCommandInput,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { LocalRun } from 'lintel/testing';
import { inline, running, shop, stopRuns } from '../../support';

let run: LocalRun;
let ssm: SSMClient;
let writer: SSMClient;
beforeAll(async () => {
  run = await running(
    shop((stack) => {
      const own = new StringParameter(stack, 'Own', { parameterName: '/shop/own', stringValue: 'template' });
      new StringParameter(stack, 'Url', { parameterName: '/shop/url', stringValue: new Queue(stack, 'Jobs').queueUrl });
      own.grantWrite(inline(stack, 'Writer', 'exports.handler = async () => {};'));
    }),
    { parameters: { '/shop/secret': 'hidden' } },
  );
  ssm = run.client(SSMClient);
  writer = run.client(SSMClient, 'Writer');
});
afterAll(stopRuns);

const get = async (Name: string, client = ssm) =>
  (await client.send(new GetParameterCommand({ Name, WithDecryption: true }))).Parameter;
const put = (Name: string, Value: string, rest: Partial<PutParameterCommandInput> = {}, client = ssm) =>
  client.send(new PutParameterCommand({ Name, Value, Type: 'String', ...rest }));

test('the address of a queue in a parameter is where the queue is', async () => {
  expect((await get('/shop/url'))?.Value).toBe(run.queue('Jobs').url);
});

test('each item of a list is checked against the pattern', async () => {
  const list = { Type: 'StringList', AllowedPattern: '\\d+' } as const;
  await put('/app/list', '1,20', list);
  await expect(put('/app/other', '1,x', list)).rejects.toThrow('cannot be validated against allowedPattern');
});

test('refuses what it cannot read or run, and data types that there are not', async () => {
  await expect(put('/app/java', 'a', { AllowedPattern: '(?i)A' })).rejects.toThrow('cannot read the allowed pattern');
  await expect(put('/app/type', 'a', { DataType: 'Text' })).rejects.toThrow('data type is not supported: Text');
  const Policies = '[{"Type":"NoChangeNotification","Version":"1.0","Attributes":{"After":"1","Unit":"Days"}}]';
  await expect(put('/app/policy', 'a', { Policies })).rejects.toThrow('to a standard-parameter tier');
  await expect(put('/app/policy', 'a', { Policies, Tier: 'Advanced' })).rejects.toThrow('does not run the policies');
});

test('what is written is read, version by version and by label', async () => {
  expect(await put('/app/a', 'one')).toMatchObject({ Version: 1, Tier: 'Standard' });
  expect(await put('/app/a', 'two', { Overwrite: true })).toMatchObject({ Version: 2 });
  await ssm.send(new LabelParameterVersionCommand({ Name: '/app/a', ParameterVersion: 1, Labels: ['live'] }));
  const values = await Promise.all(['/app/a', '/app/a:1', '/app/a:live'].map((name) => get(name)));
  expect(values.map((one) => [one?.Value, one?.Version])).toEqual([
    ['two', 2],
    ['one', 1],
    ['one', 1],
  ]);
  expect(values[0]?.LastModifiedDate).toBeInstanceOf(Date);
  const { Parameters } = await ssm.send(new GetParameterHistoryCommand({ Name: '/app/a' }));
  expect(Parameters?.map(({ Value, Labels }) => [Value, Labels])).toEqual([
    ['one', ['live']],
    ['two', []],
  ]);
});

test('a secure value is readable with decryption only', async () => {
  expect((await get('/shop/secret'))?.Value).toBe('hidden');
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: '/shop/secret' }));
  expect([Parameter?.Type, Parameter?.Value?.slice(0, 6)]).toEqual(['SecureString', 'AQICAH']);
});

test('lists below a path in pages of ten', async () => {
  for (let index = 10; index < 22; index++) await put(`/pages/${index}`, 'x');
  await put('/pages/deep/1', 'x');
  const first = await ssm.send(new GetParametersByPathCommand({ Path: '/pages' }));
  const second = await ssm.send(new GetParametersByPathCommand({ Path: '/pages', NextToken: first.NextToken }));
  expect([first.Parameters?.length, second.Parameters?.length, second.NextToken]).toEqual([10, 2, undefined]);
  const filter = { Key: 'Name', Option: 'BeginsWith', Values: ['/pages/2'] };
  const { Parameters } = await ssm.send(new DescribeParametersCommand({ ParameterFilters: [filter] }));
  expect(Parameters?.map(({ Name }) => Name)).toEqual(['/pages/20', '/pages/21']);
});

test('deletes one or several, and says which were not there', async () => {
  await put('/gone/a', 'x');
  await put('/gone/b', 'x');
  await ssm.send(new DeleteParameterCommand({ Name: '/gone/a' }));
  const Names = ['/gone/a', '/gone/b'];
  expect(await ssm.send(new DeleteParametersCommand({ Names }))).toMatchObject({
    DeletedParameters: ['/gone/b'],
    InvalidParameters: ['/gone/a'],
  });
  expect((await ssm.send(new GetParametersCommand({ Names }))).InvalidParameters).toEqual(Names);
});

test('tags come with a parameter or later', async () => {
  await put('/tagged', 'x', { Tags: [{ Key: 'a', Value: '1' }] });
  const resource = { ResourceType: 'Parameter' as const, ResourceId: '/tagged' };
  await ssm.send(new AddTagsToResourceCommand({ ...resource, Tags: [{ Key: 'b', Value: '2' }] }));
  expect((await ssm.send(new ListTagsForResourceCommand(resource))).TagList).toEqual([
    { Key: 'a', Value: '1' },
    { Key: 'b', Value: '2' },
  ]);
});

test('a handler writes what its grant names, and is refused elsewhere', async () => {
  await put('/shop/own', 'changed', { Overwrite: true }, writer);
  expect((await get('/shop/own'))?.Value).toBe('changed');
  await expect(put('/shop/other', 'x', {}, writer)).rejects.toThrow('not authorized to perform: ssm:PutParameter');
  const Tags = [{ Key: 'a', Value: '1' }];
  await expect(put('/shop/own', 'x', { Tags }, writer)).rejects.toThrow('ssm:AddTagsToResource');
});

test.each<[string, string, Partial<PutParameterCommandInput>, string]>([
  ['a parameter that is there', '/shop/own', {}, 'ParameterAlreadyExists'],
  ['a new one without a type', '/new', { Type: undefined }, 'ValidationException'],
  ['more than 4096 characters', '/new', { Value: 'x'.repeat(4097) }, 'ValidationException'],
  ['a value that its pattern does not allow', '/new', { AllowedPattern: '\\d+' }, 'ParameterPatternMismatchException'],
  ['a path that does not begin with a slash', 'a/b', {}, 'ValidationException'],
  ['a name that belongs to AWS', '/aws/x', {}, 'AccessDeniedException'],
  ['a value that names another one', '/new', { Value: 'a{{ssm:/shop/own}}' }, 'ValidationException'],
  [
    'tags beside an overwrite',
    '/shop/own',
    { Overwrite: true, Tags: [{ Key: 'a', Value: 'b' }] },
    'ValidationException',
  ],
])('refuses %s', async (_, name, rest, code) => {
  await expect(put(name, 'x', rest)).rejects.toMatchObject({ name: code });
});

test('refuses to read or delete more than ten at once', async () => {
  const Names = Array.from({ length: 11 }, (_, index) => `/many/${index}`);
  const words = "at 'names' failed to satisfy constraint: Member must have length less than or equal to 10";
  await expect(ssm.send(new GetParametersCommand({ Names }))).rejects.toThrow(words);
  await expect(ssm.send(new DeleteParametersCommand({ Names }))).rejects.toThrow(words);
  const page = new GetParametersByPathCommand({ Path: '/', MaxResults: 11 });
  await expect(ssm.send(page)).rejects.toMatchObject({ name: 'ValidationException' });
});

test('refuses what is not there, and versions of it', async () => {
  await expect(get('/nowhere')).rejects.toMatchObject({ name: 'ParameterNotFound' });
  await expect(get('/shop/own:99')).rejects.toMatchObject({ name: 'ParameterVersionNotFound' });
});
