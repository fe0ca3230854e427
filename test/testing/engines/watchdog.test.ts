import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process that has ended but that nobody has waited for is dead too. */
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return !existsSync('/proc') || !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};

test('ends what was started when the one who started it is killed: a busy process, its children, others’, directories', async () => {
  const parent = spawn(process.execPath, ['--import', 'tsx', 'test/testing/engines/orphan.ts']);
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const { pids, directory } = JSON.parse(line.toString()) as { pids: number[]; directory: string };
  expect(pids.map(isAlive)).toEqual([true, true, true]);
  expect(existsSync(directory)).toBe(true);
  parent.kill('SIGKILL');
  for (let turn = 0; turn < 200 && (pids.some(isAlive) || existsSync(directory)); turn++) await sleep(20);
  expect(pids.map(isAlive)).toEqual([false, false, false]);
  expect(existsSync(directory)).toBe(false);
});
