import { pseudoParameter, stackNameOf } from '../../../lib/core/model/pseudo-parameters';

const china = { partition: 'aws-cn', region: 'cn-north-1', account: '111111111111', template: 'Shop' };

test.each([
  ['AWS::Partition', 'aws-cn'],
  ['AWS::Region', 'cn-north-1'],
  ['AWS::AccountId', '111111111111'],
  ['AWS::URLSuffix', 'amazonaws.com.cn'],
  ['AWS::StackName', 'Shop'],
  [
    'AWS::StackId',
    expect.stringMatching(/^arn:aws-cn:cloudformation:cn-north-1:111111111111:stack\/Shop\/[0-9a-f-]{36}$/),
  ],
  ['Stage', undefined],
])('gives %s', (name, value) => {
  expect(pseudoParameter(name, china)).toEqual(value);
});

test('gives no stack to a value outside of any template', () => {
  const outside = { ...china, partition: 'aws', template: undefined };
  expect(['AWS::StackName', 'AWS::StackId'].map((name) => pseudoParameter(name, outside))).toEqual([
    undefined,
    undefined,
  ]);
  expect(pseudoParameter('AWS::URLSuffix', outside)).toBe('amazonaws.com');
});

test.each([
  ['infra/shop.template.json', 'shop'],
  ['C:\\infra\\shop.yml', 'shop'],
  ['Prod/Shop', 'Prod-Shop'],
  ['shop', 'shop'],
])('names the stack of %s %s', (template, name) => {
  expect(stackNameOf(template)).toBe(name);
});
