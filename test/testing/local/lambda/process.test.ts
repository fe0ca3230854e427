import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Duration, type Stack } from 'aws-cdk-lib';
import type { LocalRun } from 'lintel/testing';
import { ProcessGroup } from '../../../../lib/testing/local/lambda/environment/process-group';
import { Watchdog } from '../../../../lib/testing/local/lambda/environment/watchdog';
import { nodeCommand } from '../../../../lib/testing/local/lambda/node/node-command';
import { fromHandlers, running, shop, stopRuns } from '../support';

const timeout = Duration.seconds(30);

function functions(stack: Stack): void {
  const memory = { handler: 'memory.handler', timeout };
  fromHandlers(stack, 'Place', 'process', { handler: 'place.handler', environment: { TZ: 'Asia/Tokyo', MINE: 'yes' } });
  fromHandlers(stack, 'Somewhere', 'process', { handler: 'place.handler' });
  fromHandlers(stack, 'Small', 'process', memory);
  const environment = { NODE_OPTIONS: '--max-old-space-size=64' };
  fromHandlers(stack, 'Large', 'process', { ...memory, memorySize: 512, environment });
  fromHandlers(stack, 'Life', 'process', { handler: 'life.handler', timeout });
  fromHandlers(stack, 'Other', 'process', { handler: 'life.handler', timeout });
}

interface Place {
  readonly cwd: string;
  readonly shell: string;
  readonly file: string;
  readonly variables: readonly string[];
  readonly inherited: string;
  readonly zone: string;
  readonly hour: number;
}

interface Life {
  readonly count: number;
  readonly cwd: string;
  readonly pid: number;
}

let run: LocalRun;
beforeAll(async () => {
  process.env.SECRET_OF_THE_DEVELOPER = 'hidden';
  process.env.TZ = 'America/New_York';
  run = await running(shop(functions));
});
afterAll(async () => {
  delete process.env.TZ;
  await stopRuns();
});

const live = (act?: string, fn = 'Life') => run.invoke<Life>(fn, { act });

test('a handler and what it starts are in the folder of its code, with its variables and no others', async () => {
  const { cwd, shell, file, variables, inherited } = await run.invoke<Place>('Place');
  expect(shell).toBe(cwd);
  expect(cwd).not.toContain(process.cwd());
  expect(file).toBe('beside the code');
  expect(variables).toEqual(expect.arrayContaining(['MINE', 'LAMBDA_TASK_ROOT', 'NODE_PATH', 'TMPDIR']));
  expect(inherited).toContain('MINE=yes');
  expect(inherited).not.toContain('SECRET_OF_THE_DEVELOPER');
});

test("the time zone is the template's, and UTC where it names none, whatever this machine's is", async () => {
  expect(await run.invoke('Place')).toMatchObject({ zone: 'Asia/Tokyo', hour: 9 });
  expect(await run.invoke('Somewhere')).toMatchObject({ zone: 'UTC', hour: 0 });
});

describe('a handler that takes more memory than it has', () => {
  test.each(['buffers', 'once', 'child'])('%s: is killed, and harms nobody else', async (way) => {
    const { count } = await live(undefined, 'Other');
    await expect(run.invoke('Small', { way })).rejects.toMatchObject({
      errorType: 'Runtime.OutOfMemory',
      message: expect.stringMatching(/^RequestId: \S+ Error: Runtime exited with error: signal: killed$/),
    });
    expect(await live(undefined, 'Other')).toMatchObject({ count: count + 1 });
    expect(await run.invoke('Small', { way: 'none' })).toBe('fine');
  });

  test('what several processes have of one file counts once: Node.js itself', async () => {
    expect(await run.invoke('Small', { way: 'family' })).toBe('fine');
  });

  test('has as much heap as Lambda gives it, and so have its threads', async () => {
    const own = [140 * 1024 ** 2, 'function'];
    expect(await run.invoke('Small', { way: 'heaps' })).toEqual({ own, thread: own });
  });

  test('by its heap alone is ended by Node.js, which is another error', async () => {
    await expect(run.invoke('Large', { way: 'heap' })).rejects.toMatchObject({
      errorType: 'Runtime.ExitError',
      message: expect.stringMatching(/^RequestId: \S+ Error: Runtime exited with error: signal: aborted$/),
    });
    expect(run.logs('Large').map(({ message }) => message)).toContainEqual(
      expect.stringContaining('JavaScript heap out of memory'),
    );
  });
});

test('a handler may change directory and abort; the next one begins anew, with the same /tmp', async () => {
  const { cwd, pid } = await live('chdir', 'Life');
  expect(await live()).toMatchObject({ cwd, pid });
  await expect(live('abort')).rejects.toMatchObject({ message: expect.stringContaining('signal: aborted') });
  const after = await live();
  expect(after).toMatchObject({ count: 1 });
  expect(after.pid).not.toBe(pid);
  expect(existsSync(path.join(cwd, 'seen'))).toBe(true);
});

test.each([false, true])('what a handler started ends with the run, in a group of its own: %s', async (detached) => {
  const own = await running(shop(functions));
  await own.invoke('Life', { act: 'spawn', detached });
  const pids = pidsIn(
    own
      .logs('Life')
      .map(({ message }) => message)
      .join('\n'),
  );
  expect(pids.map(isThere)).toEqual([true, true]);
  await own.stop();
  await until(() => !pids.some(isThere));
});

test.each([false, true])(
  'a busy handler and what it started end with a run that is killed, detached: %s',
  async (detached) => {
    const directory = shop((stack) =>
      fromHandlers(stack, 'Busy', 'process', { handler: 'life.handler', timeout }),
    ).synth();
    const child = spawn(process.execPath, [
      '--import',
      'tsx',
      path.join(__dirname, 'run-to-kill.ts'),
      directory.directory,
      JSON.stringify({ act: 'busy', detached }),
    ]);
    const pids = await printedPids(child);
    expect(pids.map(isThere)).toEqual([true, true]);
    child.kill('SIGKILL');
    await until(() => !pids.some(isThere));
  },
);

async function printedPids(child: ChildProcess): Promise<readonly number[]> {
  let text = '';
  for await (const chunk of child.stdout!) {
    text += String(chunk);
    if (/PIDS \d+ \d+\n/.test(text)) break;
  }
  return pidsIn(text);
}

function pidsIn(text: string): readonly number[] {
  return (/PIDS (\d+) (\d+)/.exec(text) ?? []).slice(1).map(Number);
}

/** Whether a process is there, and no zombie. */
function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function until(condition: () => boolean): Promise<void> {
  for (let count = 0; count < 400 && !condition(); count++) await sleep(10);
  expect(condition()).toBe(true);
}

test('an idle process ends with its pipe to the run', async () => {
  const watchdog = new Watchdog();
  const command = nodeCommand({ runtime: 'nodejs22.x', memory: 128, variables: {} });
  const group = new ProcessGroup(command, watchdog);
  await sleep(100);
  expect(isThere(group.pid)).toBe(true);
  group.channel?.destroy();
  await until(() => !isThere(group.pid));
  watchdog.stop();
});
