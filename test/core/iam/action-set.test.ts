import { expand, inBoth } from '../../../lib/core/iam/action-set';

const of = (...patterns: readonly string[]) => ({ patterns, negated: false });
const but = (...patterns: readonly string[]) => ({ patterns, negated: true });

test('an action that AWS added since the data was read is matched by its text', () => {
  expect(expand(of('*')).has('brandnew:DoIt')).toBe(true);
  expect(expand(of('brandnew:D*')).has('brandNew:doIt')).toBe(true);
  expect(expand(of('s3:*')).has('brandnew:DoIt')).toBe(false);
  expect(expand(but('s3:*')).has('brandnew:DoIt')).toBe(true);
  expect(expand(but('brandnew:*')).has('brandnew:DoIt')).toBe(false);
  expect(expand(of('s3:Get*')).has('s3:PutObject')).toBe(false);
});

test.each([
  [of('*'), of('brandnew:DoIt'), ['brandnew:DoIt']],
  [of('brandnew:DoIt', 's3:GetObject'), of('*'), ['brandnew:DoIt', 's3:GetObject']],
  [but('s3:*'), of('brandnew:DoIt', 's3:GetObject'), ['brandnew:DoIt']],
])('what two have in common includes it, whichever has it: %j and %j', (one, other, common) => {
  expect([...inBoth(one, other)].sort()).toEqual(common);
  expect([...inBoth(other, one)].sort()).toEqual(common);
});
