import { inline, running, shop, stopRuns } from '../../support';

afterEach(stopRuns);

const TELL = `exports.handler = async () => ({
  flags: process.execArgv.filter((flag) => /space-size|gc/.test(flag)),
  collects: typeof gc,
  limit: require('node:v8').getHeapStatistics().heap_size_limit / 2 ** 20,
  own: Object.hasOwn(process, 'noDeprecation'),
});`;

test('the heap of a handler has the size of its function’s memory, and nothing of what sets it is left behind', async () => {
  const run = await running(
    shop((stack) => {
      inline(stack, 'Tell', TELL, { memorySize: 320 });
      inline(stack, 'Quiet', TELL, { memorySize: 320, environment: { NODE_OPTIONS: '--no-deprecation' } });
    }),
  );
  const told = { flags: ['--expose-gc', '--max-semi-space-size=16', '--max-old-space-size=288'], collects: 'function' };
  const [tell, quiet] = [await run.invoke<{ limit: number }>('Tell'), await run.invoke('Quiet')];
  expect(tell).toMatchObject({ ...told, own: false });
  // The old generation, and three semi-spaces.
  expect(Math.round(tell.limit)).toBe(288 + 3 * 16);
  expect(quiet).toMatchObject({ ...told, own: true });
});

test('the modules of Node.js that a handler does not use are not compiled anew for it', async () => {
  const code = `const { moduleLoadList } = process;
exports.handler = async () => ['v8', 'vm', 'internal/heap_utils'].filter((name) => moduleLoadList.includes('NativeModule ' + name));`;
  const run = await running(shop((stack) => inline(stack, 'Loaded', code)));
  expect(await run.invoke('Loaded')).toEqual([]);
});
