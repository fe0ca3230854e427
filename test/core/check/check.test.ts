import { inspect } from 'node:util';
import { App, Duration, Lazy, Stack, Token } from 'aws-cdk-lib';
import { check, required } from '../../../lib/core/check/check';
import { anything, input, isJson, text } from '../../../lib/core/check/kinds';
import { checkProps } from '../../../lib/core/check/shape';
import { PatternError } from '../../../lib/core/errors';
import { isUnresolved } from '../../../lib/core/unresolved';

const row = { prop: 'batch.size', value: 500, rule: 'must be at most 10', remedy: "set 'batch.window'" };

test('names the prop, the rule, the value, the remedy and the construct', () => {
  const stack = new Stack(new App(), 'Shop');
  expect(() => check(stack, [{ ...row, valid: () => false }])).toThrow(
    new PatternError('Shop', [
      { prop: 'batch.size', message: "'batch.size' must be at most 10, got 500; set 'batch.window'" },
    ]),
  );
});

test('refuses a construct of another app beside a member that is named node', () => {
  const [stack, other] = ['Shop', 'Other'].map((id) => new Stack(new App(), id));
  const attempt = () => checkProps(stack!, { all: { node: 'x', other } }, { all: anything });
  expect(attempt).toThrow("'all.other' must be of the same app, got 'Other'");
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

test.each<[string, unknown, (value: string[]) => boolean]>([
  ['nothing', undefined, (value) => value.length > 0],
  ['a number', 30, (value) => value.includes('a')],
])('refuses %s where the rule reads something else', (_, value, keeps) => {
  expect(() => check('Ingest', [{ ...row, value, valid: () => keeps(value as string[]) }])).toThrow(
    `'batch.size' must be at most 10, got ${value === undefined ? 'nothing' : '30'}`,
  );
});

test('does not take a fault of a rule for one of the user', () => {
  const broken = () => {
    throw new RangeError('oops');
  };
  expect(() => check('Ingest', [{ ...row, valid: broken }])).toThrow(RangeError);
});

test('refuses props that are missing, all at once', () => {
  const attempt = () => required('Ingest', { handler: undefined }, { handler: 'give its path', routes: 'name one' });
  expect(attempt).toThrow(
    "'handler' must be given, got nothing; give its path (Ingest)\n'routes' must be given, got nothing; name one (Ingest)",
  );
  expect(() => required('Ingest', { handler: '' }, { handler: 'give its path' })).not.toThrow();
});

test('is printed once when nobody catches it', () => {
  const error = new PatternError('Ingest', [{ prop: 'batch.size', message: 'is wrong' }]);
  expect(error).toMatchObject({ path: 'Ingest', failures: [{ prop: 'batch.size' }] });
  expect(inspect(error).match(/is wrong/g)).toHaveLength(1);
});

test('says nothing of rules that rest on a value of another type', () => {
  const failed = { rule: 'must be a number', remedy: 'give a number', valid: () => false };
  const attempt = () =>
    check('Ingest', [
      { ...failed, prop: 'pollers.min', value: 'two', ofType: true },
      { ...failed, prop: 'pollers.max', value: 4, reads: ['two'], rule: "must be at least 'pollers.min' (two)" },
    ]);
  expect(attempt).toThrow(
    new PatternError('Ingest', [
      { prop: 'pollers.min', message: "'pollers.min' must be a number, got 'two'; give a number" },
    ]),
  );
});

test('shows what does not show, and of a long text its beginning', () => {
  const shown = (value: unknown) => () => check('Ingest', [{ ...row, value, valid: () => false }]);
  expect(shown('one\ntwo\u202e')).toThrow("got 'one\\u{a}two\\u{202e}'; set");
  expect(shown('x'.repeat(1000))).toThrow(`got '${'x'.repeat(300)}...'; set`);
});

test('shows no value that is a secret by its form, in no part of the message', () => {
  const value = 'postgres://app:hunter2@db.example.com/shop';
  const shown = { prop: 'origin', value, rule: `must be an object, not '${value}'`, remedy: `mend ${value}` };
  expect(() => check('Ingest', [{ ...shown, valid: () => false }])).toThrow(
    new PatternError('Ingest', [
      {
        prop: 'origin',
        message:
          "'origin' must be an object, not 'a connection string with a password', got a connection string with a password; mend a connection string with a password",
      },
    ]),
  );
  expect(() => check('Ingest', [{ ...row, value: { to: [value] }, valid: () => false }])).not.toThrow('hunter2');
});

describe('a value that comes later', () => {
  const late: readonly (readonly [string, unknown, string])[] = [
    ['a promise', Promise.resolve('x'), "write 'await' before it"],
    ['an Output of Pulumi', { __pulumiOutput: true }, "give the value itself, such as 'config.require()' does"],
  ];

  test.each(late)('refuses %s, unless Pulumi may give the prop so', (what, value, remedy) => {
    const shape = { name: text('orders'), path: input(text('src')) };
    expect(() => checkProps('Ingest', { name: value, path: value }, shape)).toThrow(
      new PatternError('Ingest', [
        { prop: 'name', message: `'name' must be a string, known when the program runs, got ${what}; ${remedy}` },
      ]),
    );
  });

  test.each(late)('refuses %s in JSON, unless Pulumi may give it so', (_, value) => {
    expect(isJson({ a: [value] })).toBe(false);
    expect(isJson({ a: [value] }, true)).toBe(true);
    expect(isJson({ a: [Lazy.any({ produce: () => 1 })] })).toBe(true);
  });
});
