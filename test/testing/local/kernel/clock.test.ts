import { getMaxListeners } from 'node:events';
import { pause } from '../../../../lib/testing/local/kernel/clock';

test('any number of pauses wait for one signal, without a warning of Node.js on the terminal', async () => {
  const stopping = new AbortController();
  const pauses = Array.from({ length: 12 }, () => pause(60_000, stopping.signal));
  expect(getMaxListeners(stopping.signal)).toBe(Infinity);
  stopping.abort();
  await Promise.all(pauses);
});
