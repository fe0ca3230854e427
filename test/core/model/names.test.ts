import { Model, type Resource, type Template } from '../../../lib/core/model/model';
import { Names, type NamesOptions } from '../../../lib/core/model/names';
import { Choice, Reference, Secret, Text, Unknown, type ValueMap } from '../../../lib/core/model/values';

function resource(logicalId: string, type: string, properties: ValueMap = {}, template = 'Shop'): Resource {
  const id = `${template}/${logicalId}`;
  return { id, logicalId, type, properties, template, dependsOn: [], attributes: {}, metadata: {} };
}

function names(resources: readonly Resource[], options: NamesOptions = {}, templates?: readonly Template[]): Names {
  const own = templates ?? [{ name: 'Shop', outputs: {} }];
  return new Names(new Model(own, resources), { region: 'eu-west-1', account: '111111111111', ...options });
}

const here = 'eu-west-1:111111111111';

test.each([
  ['AWS::Lambda::Function', {}, `arn:aws:lambda:${here}:function:Shop-It`, 'Shop-It'],
  ['AWS::DynamoDB::Table', {}, `arn:aws:dynamodb:${here}:table/Shop-It`, 'Shop-It'],
  ['AWS::DynamoDB::GlobalTable', { TableName: 'orders' }, `arn:aws:dynamodb:${here}:table/orders`, 'orders'],
  ['AWS::SQS::Queue', {}, `arn:aws:sqs:${here}:Shop-It`, 'https://sqs.eu-west-1.amazonaws.com/111111111111/Shop-It'],
  ['AWS::SQS::Queue', { FifoQueue: true }, `arn:aws:sqs:${here}:Shop-It.fifo`, expect.stringMatching(/Shop-It\.fifo$/)],
  ['AWS::SNS::Topic', {}, `arn:aws:sns:${here}:Shop-It`, `arn:aws:sns:${here}:Shop-It`],
  ['AWS::S3::Bucket', {}, 'arn:aws:s3:::shop-it', 'shop-it'],
  ['AWS::Events::EventBus', { Name: 'shop' }, `arn:aws:events:${here}:event-bus/shop`, 'shop'],
  ['AWS::Events::Rule', {}, `arn:aws:events:${here}:rule/Shop-It`, 'Shop-It'],
  ['AWS::Events::Rule', { EventBusName: 'shop' }, `arn:aws:events:${here}:rule/shop/Shop-It`, 'Shop-It'],
  ['AWS::Scheduler::Schedule', {}, `arn:aws:scheduler:${here}:schedule/default/Shop-It`, 'Shop-It'],
  ['AWS::IAM::Role', {}, 'arn:aws:iam::111111111111:role/Shop-It', 'Shop-It'],
  ['AWS::IAM::Role', { Path: '/app/', RoleName: 'r' }, 'arn:aws:iam::111111111111:role/app/r', 'r'],
  ['AWS::SSM::Parameter', { Name: '/shop/key' }, `arn:aws:ssm:${here}:parameter/shop/key`, '/shop/key'],
  ['AWS::Logs::LogGroup', { LogGroupName: '/a' }, `arn:aws:logs:${here}:log-group:/a:*`, '/a'],
])('names a %s %j as CloudFormation does', (type, properties, arn, ref) => {
  const it = resource('It', type, properties);
  expect(names([it]).arn(it)).toBe(arn);
  expect(names([it]).attribute(it)).toEqual(ref);
});

test('names what belongs to another resource by that resource', () => {
  const fn = resource('Fn', 'AWS::Lambda::Function');
  const version = resource('V', 'AWS::Lambda::Version', { FunctionName: new Reference(fn.id) });
  const alias = resource('Live', 'AWS::Lambda::Alias', {
    FunctionName: new Reference(fn.id),
    FunctionVersion: new Reference(version.id, 'Version'),
    Name: 'live',
  });
  const all = names([fn, version, alias]);
  expect(all.attribute(version)).toBe(`arn:aws:lambda:${here}:function:Shop-Fn:1`);
  expect(all.attribute(alias)).toBe(`arn:aws:lambda:${here}:function:Shop-Fn:live`);
  expect(all.attribute(version, 'Version')).toBe('1');
});

test('takes account and region from the template where it names them', () => {
  const table = resource('T', 'AWS::DynamoDB::Table', {}, 'Far');
  const far = { name: 'Far', outputs: {}, environment: { account: '222222222222', region: 'us-west-2' } };
  expect(names([table], {}, [far]).arn(table)).toBe('arn:aws:dynamodb:us-west-2:222222222222:table/Far-T');
});

test('resolves text, pseudo parameters and choices to JSON', () => {
  const table = resource('T', 'AWS::DynamoDB::Table');
  const document = {
    Resource: [
      new Reference(table.id, 'Arn'),
      new Text([new Reference(table.id, 'Arn'), '/index/*']),
      new Choice('IsProd', new Text(['arn:', new Unknown('pseudo', 'AWS::Partition'), ':s3:::prod']), undefined),
    ],
  };
  const arn = `arn:aws:dynamodb:${here}:table/Shop-T`;
  expect(names([table]).plain(document, 'Shop')).toEqual({ Resource: [arn, `${arn}/index/*`, 'arn:aws:s3:::prod'] });
  expect(names([table], { conditions: { IsProd: false } }).plain(document, 'Shop')).toEqual({
    Resource: [arn, `${arn}/index/*`],
  });
});

test('resolves the part of a text that is selected of it', () => {
  const fn = resource('Fn', 'AWS::Lambda::Function');
  const origin = { value: new Reference(fn.id, 'Arn'), delimiter: ':', index: 3 };
  expect(names([fn]).text(new Text(['in ', new Unknown('a part', undefined, origin)]), 'Shop')).toBe('in eu-west-1');
});

test('leaves out what cannot be told, or lets the caller stand in for it', () => {
  const value = { A: new Unknown('parameter has no default', 'Stage'), B: new Text(['x-', new Secret('p')]), C: 1 };
  expect(names([]).plain(value)).toEqual({ C: 1 });
  expect(names([], { parameters: { Stage: 'dev' } }).plain(value)).toEqual({ A: 'dev', C: 1 });
  expect(names([], { unresolved: () => '?' }).plain(value)).toEqual({ A: '?', B: 'x-?', C: 1 });
});

test('lets the caller override one name and keeps what is built on it', () => {
  const queue = resource('Q', 'AWS::SQS::Queue');
  const local = names([queue], {
    override: (_, attribute, usual) =>
      attribute === undefined ? `http://127.0.0.1/${usual?.split('/').at(-1)}` : undefined,
  });
  expect(local.attribute(queue)).toBe('http://127.0.0.1/Shop-Q');
  expect(local.attribute(queue, 'QueueUrl')).toBe('http://127.0.0.1/Shop-Q');
  expect(local.arn(queue)).toBe(`arn:aws:sqs:${here}:Shop-Q`);
});

test('does not know what the table does not have, nor names that name each other', () => {
  const custom = resource('C', 'Custom::Thing');
  const a = resource('A', 'AWS::SQS::Queue', { QueueName: new Reference('Shop/B', 'QueueName') });
  const b = resource('B', 'AWS::SQS::Queue', { QueueName: new Reference('Shop/A', 'QueueName') });
  const all = names([custom, a, b]);
  expect([all.arn(custom), all.attribute(custom), all.attribute(custom, 'X')]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(all.physicalName(a)).toBe('A');
  expect(['__proto__', 'constructor'].map((name) => all.attribute(a, name))).toEqual([undefined, undefined]);
});

test('shortens long names without making two of them the same', () => {
  const long = 'L'.repeat(90);
  const [one, two] = [resource(`${long}1`, 'AWS::S3::Bucket'), resource(`${long}2`, 'AWS::S3::Bucket')];
  const all = names([one, two]);
  expect(all.physicalName(one)).toHaveLength(63);
  expect(all.physicalName(one)).not.toBe(all.physicalName(two));
});

test('names resources of a template file after the file alone', () => {
  const table = resource('T', 'AWS::DynamoDB::Table', {}, 'infra/shop.template.json');
  const file = { name: 'infra/shop.template.json', outputs: {} };
  expect(names([table], {}, [file]).physicalName(table)).toBe('shop-T');
});
