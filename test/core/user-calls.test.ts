import { runInThisContext } from 'node:vm';
import { userCalls } from '../../lib/core/user-calls';

class Made {
  readonly calls = userCalls(Made);
}

test('the first is the call of the class, in whatever it stands', () => {
  const [made] = ['Shop'].map(() => new Made());
  expect(made!.calls[0]).toMatch(/user-calls\.test\.ts:9:\d+/);
});

test('none is in a package, in Node.js or in the engine', () => {
  const { calls } = new Made();
  expect(calls.filter((call) => /node_modules|node:|<anonymous>\)/.test(call))).toEqual([]);
});

test('none is in this package, whatever file it is linked from', () => {
  const own = `${process.cwd()}/lib/aws/some-pattern.js`;
  const inPackage = runInThisContext('(make) => make()', { filename: own }) as <T>(make: () => T) => T;
  const { calls } = inPackage(() => new Made());
  expect(calls.filter((call) => call.includes(own))).toEqual([]);
  expect(calls[0]).toMatch(/user-calls\.test\.ts:21:\d+/);
});

test('a folder of the user may have the name of one of ours', () => {
  const file = '/srv/shop/lib/shop-stack.js';
  const inLib = runInThisContext('(make) => make()', { filename: file }) as <T>(make: () => T) => T;
  expect(inLib(() => new Made()).calls[1]).toContain(file);
});

test('a limit counts all calls, and leaves that of the program as it is', () => {
  const { stackTraceLimit } = Error;
  const deep = (depth: number): readonly string[] => (depth === 0 ? userCalls(deep, 3) : deep(depth - 1));
  expect(deep(5).length).toBeLessThanOrEqual(3);
  expect(Error.stackTraceLimit).toBe(stackTraceLimit);
});
