import { type Conditions, type Context, evaluate } from '../../../lib/access';
import { allow, policy, TABLE } from './policies';

const request = { action: 'dynamodb:GetItem', resource: TABLE };

/** The verdict on a statement that allows the request if a condition holds. */
function verdict(Condition: Conditions, context?: Context) {
  return evaluate({ ...request, ...(context && { context }) }, { identity: [policy(allow('*', '*', { Condition }))] })
    .verdict;
}

const KEY = 'shop:Key';

test.each<[string, string | readonly string[], string, boolean]>([
  ['StringEquals', 'a', 'a', true],
  ['StringEquals', 'a', 'A', false],
  ['StringEquals', 'a*', 'ab', false],
  ['StringEquals', ['a', 'b'], 'b', true],
  ['StringNotEquals', 'a', 'b', true],
  ['StringNotEquals', ['a', 'b'], 'b', false],
  ['StringNotEquals', ['a', 'b'], 'c', true],
  ['StringEqualsIgnoreCase', 'aB', 'Ab', true],
  ['StringEqualsIgnoreCase', 'a', 'b', false],
  ['StringNotEqualsIgnoreCase', 'aB', 'Ab', false],
  ['StringNotEqualsIgnoreCase', 'a', 'b', true],
  ['StringLike', 'a*c?', 'abbbcd', true],
  ['StringLike', 'a*c?', 'abbbc', false],
  ['StringLike', 'A*', 'ab', false],
  ['StringLike', '${*}x', '*x', true],
  ['StringLike', '${*}x', 'ax', false],
  ['StringLike', 'a.c', 'abc', false],
  ['StringLike', ['', 'home/'], '', true],
  ['StringNotLike', 'a*', 'ab', false],
  ['StringNotLike', 'a*', 'b', true],
  ['NumericEquals', '10', '10.0', true],
  ['NumericEquals', '10', '11', false],
  ['NumericEquals', '10', 'many', false],
  ['NumericNotEquals', '10', '11', true],
  ['NumericNotEquals', ['10', '11'], '11', false],
  ['NumericLessThan', '10', '9', true],
  ['NumericLessThan', '10', '10', false],
  ['NumericLessThanEquals', '10', '10', true],
  ['NumericLessThanEquals', '10', '10.5', false],
  ['NumericGreaterThan', '10', '10.5', true],
  ['NumericGreaterThan', '10', '10', false],
  ['NumericGreaterThanEquals', '10', '10', true],
  ['NumericGreaterThanEquals', '10', '-10', false],
  ['DateEquals', '2026-01-01T00:00:00Z', '1767225600', true],
  ['DateEquals', '2026-01-01T00:00:00Z', '2026-01-01T01:00:00+01:00', true],
  ['DateEquals', '2026', '2026-01-01', true],
  ['DateEquals', '2026', 'yesterday', false],
  ['DateNotEquals', '2026-01-01', '2026-01-02', true],
  ['DateNotEquals', '2026-01-01', '2026-01-01T00:00:00.000Z', false],
  ['DateLessThan', '2026-01-01', '2025-12-31T23:59:59Z', true],
  ['DateLessThan', '2026-01-01', '2026-01-01', false],
  ['DateLessThanEquals', '2026-01-01', '2026-01-01', true],
  ['DateLessThanEquals', '2026-01-01', '2026-01-02', false],
  ['DateGreaterThan', '2026-01-01', '2026-01-02', true],
  ['DateGreaterThan', '2026-01-01', '2026-01-01', false],
  ['DateGreaterThanEquals', '2026-01-01', '2026-01-01', true],
  ['DateGreaterThanEquals', '2026-01-01', '2025-06', false],
  ['Bool', 'true', 'true', true],
  ['Bool', 'True', 'true', true],
  ['Bool', 'false', 'true', false],
  ['BinaryEquals', 'QmluYXJ5', 'QmluYXJ5', true],
  ['BinaryEquals', 'QmluYXJ5', 'QmluYXJ6', false],
  ['IpAddress', '203.0.113.0/24', '203.0.113.255', true],
  ['IpAddress', '203.0.113.0/24', '203.0.114.0', false],
  ['IpAddress', '203.0.113.7', '203.0.113.7', true],
  ['IpAddress', '203.0.113.7', '203.0.113.8', false],
  ['IpAddress', '2001:DB8:1234:5678::/64', '2001:db8:1234:5678:1::9', true],
  ['IpAddress', '2001:DB8:1234:5678::/64', '2001:db8:1234:5679::1', false],
  ['IpAddress', ['203.0.113.0/24', '2001:db8::/32'], '2001:db8::1', true],
  ['IpAddress', '0.0.0.0/0', '2001:db8::1', false],
  ['NotIpAddress', '203.0.113.0/24', '203.0.113.1', false],
  ['NotIpAddress', '203.0.113.0/24', '198.51.100.1', true],
  ['ArnEquals', 'arn:aws:sns:*:111111111111:t*', 'arn:aws:sns:eu-west-1:111111111111:topic', true],
  ['ArnLike', 'arn:aws:sns:*:111111111111:t', 'arn:aws:sns:eu-west-1:222222222222:t', false],
  ['ArnLike', 'arn:aws:s3:::b', 'arn:aws:s3:::B', false],
  // The example of the documentation: a wildcard does not cross a colon in an ARN operator, and does in a text operator.
  ['ArnLike', 'arn:aws:x:*:111122223333:f/*', 'arn:aws:x:us-east-2:999999999999:store/abc:111122223333:f/d', false],
  ['StringLike', 'arn:aws:x:*:111122223333:f/*', 'arn:aws:x:us-east-2:999999999999:store/abc:111122223333:f/d', true],
  ['ArnNotEquals', 'arn:aws:s3:::b', 'arn:aws:s3:::c', true],
  ['ArnNotLike', 'arn:aws:s3:::*', 'arn:aws:s3:::c', false],
])('%s %j on %s is %p', (operator, values, actual, expected) => {
  expect(verdict({ [operator]: { [KEY]: values } }, { [KEY]: actual })).toBe(expected ? 'allowed' : 'denied');
});

test.each([
  ['StringEquals', 'a', false],
  ['StringNotEquals', 'a', true],
  ['StringNotLike', 'a', true],
  ['StringNotEqualsIgnoreCase', 'a', true],
  ['NumericLessThan', '1', false],
  ['NumericNotEquals', '1', true],
  ['DateNotEquals', '2026', true],
  ['Bool', 'false', false],
  ['BinaryEquals', 'QQ==', false],
  ['IpAddress', '0.0.0.0/0', false],
  ['NotIpAddress', '0.0.0.0/0', true],
  ['ArnNotLike', 'arn:aws:s3:::b', true],
  ['StringEqualsIfExists', 'a', true],
  ['StringNotEqualsIfExists', 'a', true],
  ['IpAddressIfExists', '203.0.113.0/24', true],
  ['BoolIfExists', 'true', true],
  ['ForAllValues:StringEquals', 'a', true],
  ['ForAllValues:StringNotEquals', 'a', true],
  ['ForAnyValue:StringEquals', 'a', false],
  ['ForAnyValue:StringNotEquals', 'a', false],
  ['ForAnyValue:StringEqualsIfExists', 'a', true],
  ['Null', 'true', true],
  ['Null', 'false', false],
])('%s %j on an absent key is %p', (operator, value, expected) => {
  expect(verdict({ [operator]: { [KEY]: value } }, {})).toBe(expected ? 'allowed' : 'denied');
});

test.each<[string, readonly string[], readonly string[], boolean]>([
  ['ForAllValues:StringEquals', ['a', 'b'], ['a'], true],
  ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'b'], true],
  ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'c'], false],
  ['ForAllValues:StringEquals', ['a'], [], true],
  ['ForAllValues:StringEquals', ['a'], [''], true],
  ['ForAllValues:StringLike', ['k1*', 'k2*'], ['k1x', 'k2y'], true],
  ['ForAllValues:StringNotEquals', ['a', 'b'], ['c', 'd'], true],
  ['ForAllValues:StringNotEquals', ['a', 'b'], ['c', 'a'], false],
  ['ForAllValues:StringEqualsIfExists', ['a'], ['b'], false],
  ['ForAllValues:NumericLessThan', ['5'], ['1', '4'], true],
  ['ForAnyValue:StringEquals', ['a', 'b'], ['c', 'b'], true],
  ['ForAnyValue:StringEquals', ['a', 'b'], ['c'], false],
  ['ForAnyValue:StringEquals', ['a'], [], false],
  ['ForAnyValue:StringEquals', ['', 'a'], [''], false],
  ['ForAnyValue:StringNotEquals', ['a', 'b'], ['a', 'c'], true],
  ['ForAnyValue:StringNotEquals', ['a', 'b'], ['a', 'b'], false],
  ['ForAnyValue:ArnLike', ['arn:aws:s3:::b*'], ['arn:aws:s3:::c', 'arn:aws:s3:::bb'], true],
  ['Null', ['false'], ['a', 'b'], true],
  ['Null', ['true'], [], true],
  ['Null', ['false'], [''], false],
])('%s %j on the values %j is %p', (operator, values, actual, expected) => {
  expect(verdict({ [operator]: { [KEY]: values } }, { [KEY]: actual })).toBe(expected ? 'allowed' : 'denied');
});

test('an operator without ForAllValues or ForAnyValue matches one value and never several, as EventBridge documents it', () => {
  const Condition = { StringEquals: { 'events:source': ['aws.ec2', 'aws.ecs'] } };
  expect(verdict(Condition, { 'events:source': ['aws.ec2'] })).toBe('allowed');
  expect(verdict(Condition, { 'events:source': ['aws.ec2', 'aws.ecs'] })).toBe('denied');
  expect(verdict({ StringNotEquals: { 'events:source': 'aws.s3' } }, { 'events:source': ['a', 'b'] })).toBe('unknown');
});

test('operators and keys must all hold', () => {
  const Condition = { StringEquals: { a: '1', b: '2' }, Bool: { c: true } };
  expect(verdict(Condition, { a: '1', b: '2', c: true })).toBe('allowed');
  expect(verdict(Condition, { a: '1', b: '3', c: true })).toBe('denied');
  expect(verdict(Condition, { a: '1', b: '2', c: false })).toBe('denied');
  expect(verdict(Condition, { a: '1', c: true })).toBe('denied');
});

test('keys are compared without case, and JSON booleans and numbers as text', () => {
  expect(verdict({ Bool: { 'AWS:SecureTransport': false } }, { 'aws:securetransport': 'false' })).toBe('allowed');
  expect(verdict({ NumericEquals: { 's3:max-keys': 10 } }, { 'S3:Max-Keys': 10 })).toBe('allowed');
});

test('without a context every condition makes the answer conditional, in words', () => {
  const Condition = {
    ArnLike: { 'aws:SourceArn': 'arn:aws:sns:*:*:t' },
    'ForAllValues:StringNotEquals': { 'aws:TagKeys': ['a', 'b'] },
    NumericLessThanEqualsIfExists: { 's3:max-keys': 10 },
    Null: { 'aws:TokenIssueTime': 'true' },
  };
  expect(evaluate(request, { identity: [policy(allow('*', '*', { Condition }))] })).toEqual({
    verdict: 'conditional',
    reasons: [
      "allowed by statement 1 of identity policy 1 if aws:SourceArn is like 'arn:aws:sns:*:*:t'" +
        " and every value of aws:TagKeys is not 'a' or 'b'" +
        " and s3:max-keys is at most '10', where it is present and aws:TokenIssueTime is absent",
    ],
  });
  expect(verdict({}, undefined)).toBe('allowed');
});

test.each<[string, Conditions, string]>([
  ['an unknown operator', { StringSortOf: { k: 'a' } }, "there is no operator 'StringSortOf'"],
  ['an unknown quantifier', { 'ForSomeValues:StringEquals': { k: 'a' } }, "no operator 'ForSomeValues:StringEquals'"],
  ['NullIfExists', { NullIfExists: { k: 'true' } }, "no operator 'NullIfExists'"],
  ['a number that is none', { NumericEquals: { k: 'many' } }, "'many' cannot be compared"],
  ['a date that is none', { DateEquals: { k: '2026-13-45' } }, "'2026-13-45' cannot be compared"],
  ['a boolean that is none', { Bool: { k: 'yes' } }, "'yes' is neither true nor false"],
  ['base64 that is none', { BinaryEquals: { k: '?' } }, "'?' is not base64"],
  ['an address that is none', { IpAddress: { k: '1.2.3' } }, "'1.2.3' is not an IP address"],
  ['a range that is none', { IpAddress: { k: '1.2.3.4/33' } }, "'1.2.3.4/33' is not an IP address"],
  ['an ARN that is none', { ArnLike: { k: 'topic' } }, "'topic' is not an ARN of six parts"],
  ['a Null that is none', { Null: { k: 'maybe' } }, "'Null' takes true or false"],
])('refuses to judge %s', (_, Condition, message) => {
  const decision = evaluate(
    { ...request, context: { k: 'a' } },
    { identity: [policy(allow('*', '*', { Condition }))] },
  );
  expect(decision.verdict).toBe('unknown');
  expect(decision.reasons).toEqual([expect.stringContaining(message)]);
});
