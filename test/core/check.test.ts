import { App, Duration, Lazy, Stack, Token } from 'aws-cdk-lib';
import { check } from '../../lib/core/check';
import { PatternError } from '../../lib/core/errors';
import { isUnresolved } from '../../lib/core/unresolved';

const row = { prop: 'batch.size', value: 500, rule: 'must be at most 10', remedy: "set 'batch.window'" };

test('names the prop, the rule, the value, the remedy and the construct', () => {
  const stack = new Stack(new App(), 'Shop');
  expect(() => check(stack, [{ ...row, valid: () => false }])).toThrow(
    new PatternError('Shop', [
      { prop: 'batch.size', message: "'batch.size' must be at most 10, got 500; set 'batch.window'" },
    ]),
  );
});

test('reports all failures at once', () => {
  const attempt = () =>
    check('Ingest', [
      { ...row, valid: () => false },
      { ...row, prop: 'other', valid: () => false },
    ]);
  expect(attempt).toThrow(
    "'batch.size' must be at most 10, got 500; set 'batch.window' (Ingest)\n'other' must be at most 10, got 500; set 'batch.window' (Ingest)",
  );
});

test('says nothing when every row holds', () => {
  expect(() => check('Ingest', [{ ...row, valid: () => true }])).not.toThrow();
});

test.each([
  ['text', Token.asString({ Ref: 'P' })],
  ['text inside text', `a-${Token.asString({ Ref: 'P' })}`],
  ['number', Token.asNumber({ Ref: 'P' })],
  ['list', Token.asList({ Ref: 'P' })],
  ['duration', Duration.seconds(Token.asNumber({ Ref: 'P' }))],
  ['object', Lazy.any({ produce: () => 1 })],
  ['promise', Promise.resolve(1)],
])('skips a row whose value is an unresolved %s', (_, value) => {
  expect(isUnresolved(value)).toBe(true);
  expect(() => check('Ingest', [{ ...row, value, valid: () => false }])).not.toThrow();
  expect(() => check('Ingest', [{ ...row, reads: [value], valid: () => false }])).not.toThrow();
});

test.each([[1], [-1.5e289], ['${x}'], [['a']], [Duration.seconds(1)], [null], [undefined], [{}]])(
  'takes %p as it is',
  (value) => {
    expect(isUnresolved(value)).toBe(false);
  },
);

test('shows durations in words and never a sensitive value', () => {
  const seconds = { ...row, value: Duration.minutes(2), valid: () => false };
  expect(() => check('Ingest', [seconds])).toThrow('got 2 minutes');
  expect(() => check('Ingest', [{ ...row, value: 'hunter2', sensitive: true, valid: () => false }])).toThrow(
    "'batch.size' must be at most 10; set 'batch.window' (Ingest)",
  );
});
