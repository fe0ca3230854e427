import type { ErrorPayload } from '../../../../lib/testing/local/lambda/function-errors';
import { ExecutionEnvironment } from '../../../../lib/testing/local/lambda/environment/execution-environment';
import { MemoryWatch } from '../../../../lib/testing/local/lambda/environment/memory';
import type { RuntimeEvent } from '../../../../lib/testing/local/lambda/environment/runtime';

const INVOCATION = { requestId: 'id', event: '{}', functionArn: 'arn', traceId: 'trace' };

/** What a process does: how it starts, in milliseconds, and how it answers. */
interface Plan {
  readonly ready?: number;
  readonly initError?: ErrorPayload;
  readonly answer?: RuntimeEvent;
}

const ANSWER: RuntimeEvent = { type: 'response', payload: Buffer.from('1') };
const FAILED: ErrorPayload = { errorType: 'Error', errorMessage: 'at start', trace: [] };

/** An environment whose processes are played, one plan after the other; it says how many were started. */
function environment(plans: readonly Plan[], { timeout = 0.4, initLimit = 0.2 } = {}) {
  const tmps: string[] = [];
  const made = new ExecutionEnvironment({
    functionName: 'Fn',
    tmp: '/somewhere',
    memory: 128,
    timeout,
    initLimit,
    memoryWatch: new MemoryWatch(),
    log: () => undefined,
    start: (tmp, listen) => {
      const plan = plans[tmps.length] ?? {};
      tmps.push(tmp);
      const { initError } = plan;
      const begin = () => listen(initError ? { type: 'init-failed', error: initError } : { type: 'ready' });
      const timer = setTimeout(begin, plan.ready ?? 0);
      return {
        pid: 0,
        invoke: () => listen(plan.answer ?? ANSWER),
        kill: () => clearTimeout(timer),
      };
    },
  });
  return { made, tmps };
}

test('a start that takes longer than it may is repeated, within the time of the invocation', async () => {
  const { made, tmps } = environment([{ ready: 10_000 }, { ready: 10 }]);
  expect((await made.invoke(INVOCATION)).payload.toString()).toBe('1');
  expect(tmps).toEqual(['/somewhere', '/somewhere']);
});

test('a start that takes too long twice is a timeout', async () => {
  const { made } = environment([{ ready: 10_000 }, { ready: 10_000 }]);
  await expect(made.invoke(INVOCATION)).rejects.toMatchObject({
    errorType: 'Sandbox.Timedout',
    message: 'RequestId: id Error: Task timed out after 0.40 seconds',
  });
});

test('a start that takes long, but not too long, does not count', async () => {
  const { made, tmps } = environment([{ ready: 150 }], { timeout: 0.1 });
  await made.invoke(INVOCATION);
  expect(tmps).toHaveLength(1);
});

test('a start that fails is repeated once for an invocation', async () => {
  const { made, tmps } = environment([{ initError: FAILED }, { initError: FAILED }, {}]);
  await expect(made.invoke(INVOCATION)).rejects.toMatchObject({ errorType: 'Error', message: 'at start' });
  expect(tmps).toHaveLength(2);
  await made.invoke(INVOCATION);
  expect(tmps).toHaveLength(3);
});

test('after a crash, the new start counts within the time of the invocation', async () => {
  const crash: RuntimeEvent = { type: 'ended', error: { errorType: 'Runtime.ExitError', errorMessage: 'gone' } };
  const { made } = environment([{ answer: crash }, { ready: 150 }], { timeout: 0.1 });
  await expect(made.invoke(INVOCATION)).rejects.toMatchObject({ message: 'RequestId: id Error: gone' });
  await expect(made.invoke(INVOCATION)).rejects.toMatchObject({ errorType: 'Sandbox.Timedout' });
});

test('what was held between two looks counts as well', async () => {
  const { made } = environment([{ answer: { ...ANSWER, peak: 129 * 1024 } }]);
  await expect(made.invoke(INVOCATION)).rejects.toMatchObject({ errorType: 'Runtime.OutOfMemory' });
});
