import { accountNamedBy, parseArn } from '../../lib/core/arn';

test('the parts of an ARN, colons in the last one included', () => {
  expect(parseArn('arn:aws:lambda:eu-west-1:123456789012:function:place-order:live')).toEqual({
    partition: 'aws',
    service: 'lambda',
    region: 'eu-west-1',
    account: '123456789012',
    resource: 'function:place-order:live',
  });
});

test('a bucket names neither region nor account', () => {
  expect(parseArn('arn:aws:s3:::files/a:b')).toMatchObject({ region: '', account: '', resource: 'files/a:b' });
});

test.each([
  '*',
  'orders',
  'arn:aws:sqs:*',
  'urn:aws:sqs:eu-west-1:123456789012:jobs',
  'arn::sqs:eu-west-1:1:jobs',
  'arn:aws::eu-west-1:1:jobs',
])('%s is none', (text) => expect(parseArn(text)).toBeUndefined());

test.each([
  ['123456789012', '123456789012'],
  ['arn:aws-cn:iam::123456789012:root', '123456789012'],
  ['arn:aws:iam::123456789012:role/deploy', undefined],
  ['arn:aws:sqs::123456789012:root', undefined],
  ['12345678901', undefined],
  ['*', undefined],
])('%s as a principal is the account %s', (principal, account) => expect(accountNamedBy(principal)).toBe(account));
