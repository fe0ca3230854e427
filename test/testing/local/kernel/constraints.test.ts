import { checkConstraints, type Constraints } from '../../../../lib/testing/local/kernel/constraints';

const CONSTRAINTS: Constraints = {
  Get: { MaxResults: [1, 50], Names: [1, 2], 'Labels[].Key': [1, 3] },
  Put: { 'Target.RetryPolicy.MaximumRetryAttempts': [0, 185], Token: [3, 4] },
};
const checking = (operation: string, input: Record<string, unknown>) => () =>
  checkConstraints(CONSTRAINTS, operation, input);

test.each<[string, Record<string, unknown>, string]>([
  [
    'Get',
    { Names: ['a', 'b', 'c'] },
    "Value '[a, b, c]' at 'names' failed to satisfy constraint: Member must have length less than or equal to 2",
  ],
  [
    'Get',
    { Names: [] },
    "Value '[]' at 'names' failed to satisfy constraint: Member must have length greater than or equal to 1",
  ],
  [
    'Get',
    { MaxResults: 51 },
    "Value '51' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 50",
  ],
  [
    'Get',
    { Labels: [{ Key: 'a' }, { Key: 'long' }] },
    "Value 'long' at 'labels.2.member.key' failed to satisfy constraint: Member must have length less than or equal to 3",
  ],
  [
    'Put',
    { Target: { RetryPolicy: { MaximumRetryAttempts: 186 } } },
    "Value '186' at 'target.retryPolicy.maximumRetryAttempts' failed to satisfy constraint: Member must have value less than or equal to 185",
  ],
  [
    'Put',
    { Token: 'x'.repeat(300) },
    "Value at 'token' failed to satisfy constraint: Member must have length less than or equal to 4",
  ],
])('refuses members of %s that are not what the model says: %j', (operation, input, words) => {
  expect(checking(operation, input)).toThrow(`1 validation error detected: ${words}`);
});

test('refuses all of them at once', () => {
  const said =
    "2 validation errors detected: Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1; Value '[]' at 'names'";
  expect(checking('Get', { Names: [], MaxResults: 0 })).toThrow(said);
});

test('takes what is within, what is not there, and operations without any', () => {
  expect(checking('Get', { Names: ['a'], MaxResults: 50, Labels: [{ Key: '🙂🙂🙂' }, {}] })).not.toThrow();
  expect(checking('Put', { Target: 'text' })).not.toThrow();
  expect(checking('constructor', { Names: [] })).not.toThrow();
});
