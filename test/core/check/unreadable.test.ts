import { failuresOf } from '../../../lib/core/check/check';
import { unreadable } from '../../../lib/core/check/unreadable';

const told = (value: unknown) => failuresOf(unreadable(value)).map(({ message }) => message);

const throwing = Object.defineProperty({}, 'size', {
  enumerable: true,
  get: () => {
    throw new Error('not yet');
  },
});

test('finds nothing in what can be read, however often it holds the same', () => {
  const shared = { a: [1] };
  expect(told({ one: shared, two: [shared, null, undefined, 'text'] })).toEqual([]);
});

test('names the getter that throws, and what it says', () => {
  expect(told({ batch: [throwing] })).toEqual([
    "'batch.0.size' must be readable: reading it throws 'not yet'; give the value itself",
  ]);
});

test('names what holds itself', () => {
  const value: Record<string, unknown> = {};
  value.inner = { value };
  expect(told({ value })).toEqual(["'value.inner.value' must not hold itself; write out what it is to hold"]);
});

test('names the prop in which others are nested without end', () => {
  let input: unknown = 1;
  for (let level = 0; level < 50_000; level++) input = { input };
  expect(told({ input })).toEqual([
    "'input' must not be nested deeper than 200 levels; flatten it, or pass a reference to it",
  ]);
});
