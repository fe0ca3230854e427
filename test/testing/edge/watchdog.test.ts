import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test('ends what was started when the one who started it is killed', async () => {
  const parent = spawn(process.execPath, ['--import', 'tsx', 'test/testing/edge/orphan.ts']);
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const child = Number(line.toString());
  expect(isAlive(child)).toBe(true);
  parent.kill('SIGKILL');
  for (let turn = 0; turn < 200 && isAlive(child); turn++) await sleep(20);
  expect(isAlive(child)).toBe(false);
});
