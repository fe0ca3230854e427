import { Watchdog } from '../../../../../lib/testing/local/lambda/environment/watchdog';
import type { ProcessCommand } from '../../../../../lib/testing/local/lambda/environment/process-group';
import { NodeProcesses } from '../../../../../lib/testing/local/lambda/node/node-processes';

const WAITS = 'setInterval(() => {}, 1000)';
const command = (...more: string[]): ProcessCommand => ({
  command: process.execPath,
  args: ['-e', WAITS, ...more],
  env: {},
  cwd: '/',
  channel: true,
});

let processes: NodeProcesses;
let watchdog: Watchdog;
let started: number[];
beforeEach(() => {
  started = [];
  watchdog = new Watchdog();
  const watch = watchdog.watch.bind(watchdog);
  jest.spyOn(watchdog, 'watch').mockImplementation((group) => {
    started.push(group);
    watch(group);
  });
  processes = new NodeProcesses(watchdog);
});
afterEach(() => {
  processes.stop();
  watchdog.stop();
});

const isThere = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const soon = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

test('one waits before the first invocation, and is replaced once a second function is called', async () => {
  for (let count = 0; count < 4; count++) processes.expect(command());
  processes.prepare();
  expect(started).toHaveLength(1);
  expect(processes.take(command(), true).pid).toBe(started[0]);
  await soon(400);
  expect(started).toHaveLength(1);
  expect(processes.take(command(), true).pid).toBe(started[1]);
  while (started.length < 3) await soon(10);
  expect(processes.take(command(), true).pid).toBe(started[2]);
});

test('one that is started otherwise does not take it, and has one of its own', () => {
  processes.expect(command());
  processes.prepare();
  const own = processes.take(command('--other'), true);
  expect(started).toHaveLength(2);
  expect(own.pid).toBe(started[1]);
  own.kill();
});

test('an environment beyond the first of each function takes none that is meant for another', () => {
  processes.expect(command());
  processes.prepare();
  const [first, second] = [processes.take(command(), true), processes.take(command(), false)];
  expect([first.pid, second.pid]).toEqual(started);
  for (const one of [first, second]) one.kill();
});

test('those that nobody took end with the run', async () => {
  processes.expect(command());
  processes.prepare();
  const [pid] = started;
  expect(isThere(pid!)).toBe(true);
  processes.stop();
  for (let count = 0; count < 100 && isThere(pid!); count++) await soon(20);
  expect(isThere(pid!)).toBe(false);
});
