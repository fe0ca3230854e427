import { accountNamedBy, bucketOfArn, functionOfArn, parseArn, streamOfArn, tableOfArn } from '../../lib/core/arn';

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

const TABLE = 'arn:aws:dynamodb:eu-west-1:123456789012:table/Orders';
const STREAM = 'arn:aws:kinesis:eu-west-1:123456789012:stream/clicks';
const FUNCTION = 'arn:aws:lambda:eu-west-1:123456789012:function:place';

test.each([
  [bucketOfArn, 'arn:aws:s3:::files/in/a.csv', 'arn:aws:s3:::files'],
  [tableOfArn, `${TABLE}/index/by-day`, TABLE],
  [tableOfArn, `${TABLE}/stream/2024-01-01T00:00:00.000`, TABLE],
  [streamOfArn, `${STREAM}/consumer/fast:1`, STREAM],
  [functionOfArn, `${FUNCTION}:live`, FUNCTION],
])('%p of %s', (whole, part, arn) => {
  expect(whole(part)).toBe(arn);
  expect(whole(arn)).toBe(arn);
  expect(whole('arn:aws:sqs:eu-west-1:123456789012:jobs')).toBe('arn:aws:sqs:eu-west-1:123456789012:jobs');
});
