import fc from 'fast-check';
import { covers, intersection, overlaps } from '../../../lib/core/iam/coverage';
import { evaluate } from '../../../lib/access';
import { policy } from './policies';

const TABLE = 'arn:aws:dynamodb:eu-west-1:111111111111:table/orders';

test.each([
  ['*', TABLE, true],
  [TABLE, TABLE, true],
  [TABLE, `${TABLE}/index/*`, false],
  [`${TABLE}*`, `${TABLE}/index/*`, true],
  [`${TABLE}/*`, `${TABLE}/index/*`, true],
  [`${TABLE}/index/*`, `${TABLE}/*`, false],
  ['arn:aws:s3:::*', 'arn:aws:s3:::b/*', true],
  ['arn:aws:s3:::b/?', 'arn:aws:s3:::b/*', false],
  ['arn:aws:sqs:*:111111111111:q', 'arn:aws:sqs:eu-*:111111111111:q', true],
  ['arn:aws:sqs:eu-*:111111111111:q', 'arn:aws:sqs:*:111111111111:q', false],
  ['arn:aws:sqs:eu*1:111111111111:q', 'arn:aws:sqs:*:q', false],
])('%s covers %s: %p', (outer, inner, expected) => {
  expect(covers(outer, inner)).toBe(expected);
});

test.each([
  ['a*c', 'ab*', true],
  ['a*', 'b*', false],
  ['*x', 'y*', true],
  ['a?c', 'abd', false],
  ['a', 'a', true],
  ['', '*', true],
])('%s and %s overlap: %p', (one, other, expected) => {
  expect(overlaps(one, other)).toBe(expected);
  expect(overlaps(other, one)).toBe(expected);
});

test('the intersection of nested patterns is the narrower one, and of others both', () => {
  expect(intersection('*', TABLE)).toEqual({ resource: TABLE });
  expect(intersection(TABLE, '*')).toEqual({ resource: TABLE });
  expect(intersection('arn:aws:s3:::a*', 'arn:aws:s3:::*b')).toEqual({
    resource: 'arn:aws:s3:::a*',
    and: 'arn:aws:s3:::*b',
  });
  expect(intersection('arn:aws:s3:::a', 'arn:aws:s3:::b')).toBeUndefined();
});

const part = fc.constantFrom('a', 'b', 'ab', '*', 'a*', '*b', '?', 'a*b');
const pattern = fc
  .tuple(fc.constantFrom('arn:aws:s3', 'arn:aws:*'), part, part, fc.array(part, { minLength: 1, maxLength: 2 }))
  .map(([head, region, account, rest]) => [head, region, account, rest.join('/')].join(':'));
const word = fc.constantFrom('a', 'b', 'ab', 'aab', 'abb');
const arn = fc
  .tuple(word, word, fc.array(word, { minLength: 1, maxLength: 2 }))
  .map(([region, account, rest]) => ['arn:aws:s3', region, account, rest.join('/')].join(':'));

test('what a covered pattern matches, the covering one matches too', () => {
  const matches = (resource: string, Resource: string) =>
    evaluate(
      { action: 's3:Get', resource, context: {} },
      { identity: [policy({ Effect: 'Allow', Action: '*', Resource })] },
    ).verdict === 'allowed';
  let covered = 0;
  fc.assert(
    fc.property(pattern, pattern, fc.array(arn, { minLength: 4, maxLength: 8 }), (outer, inner, arns) => {
      if (outer !== inner && covers(outer, inner)) {
        covered++;
        for (const each of arns) if (matches(each, inner)) expect(matches(each, outer)).toBe(true);
      }
      for (const each of arns)
        if (matches(each, inner) && matches(each, outer)) expect(overlaps(outer, inner)).toBe(true);
    }),
    { numRuns: 1500 },
  );
  expect(covered).toBeGreaterThan(8);
});
