import { HEARTBEAT_TIMEOUT, TIMEOUT } from '../../../../../core/asl/errors';
import { taskCall } from '../../../../../core/asl/task';
import { isRecord, recordOf, text } from '../../../kernel/json';
import { dataOf, type Result } from './data';
import { StateFailure } from './failure';
import { numberOf } from './map-settings';
import { TaskEvents } from './task-events';
import type { TaskRequest } from './tasks';
import type { WaitingTask } from './tokens';
import { checkSize } from './variables';
import type { Visit } from './visit';

/** Timeout and heartbeat of a task, in seconds. */
interface Limits {
  readonly timeout?: number;
  readonly heartbeat?: number;
}

/** Runs a task once: the call and the wait for its completion. */
export async function runTask(visit: Visit): Promise<Result> {
  const { run, state, flowing } = visit;
  // Parts of the ARN unknown when the definition was parsed are resolved by now.
  const call = taskCall(state.body.Resource) ?? { kind: 'function', resource: undefined };
  const execution = text(recordOf(run.context.Execution).Id) ?? '';
  const machine = text(recordOf(run.context.StateMachine).Id) ?? '';
  const { tokens } = run.tasks;
  const waits = call.kind === 'integration' && call.waits === 'token';
  const token =
    call.kind === 'activity'
      ? tokens.open(call.arn, execution, { begun: false })
      : waits
        ? tokens.open(machine, execution)
        : undefined;
  if (token && waits) visit.token = token.token;
  const ending = new AbortController();
  const signal = AbortSignal.any([flowing.signal, ending.signal]);
  try {
    const limits = await limitsOf(visit);
    const parameters = await dataOf(state.language).arguments(visit);
    checkSize(parameters, state.name);
    const role = await roleOf(visit);
    const events = new TaskEvents(visit, call);
    events.scheduled(parameters, limits, role);
    const request: TaskRequest = {
      call,
      parameters,
      execution,
      signal,
      role,
      ...(token && call.kind === 'activity' && { worker: { token, begun: (name) => events.begun(name) } }),
    };
    return {
      value: await events.follow(() => limited(visit, limits, token, signal, work(visit, request, events, token))),
    };
  } finally {
    ending.abort();
    token?.close();
    delete visit.token;
  }
}

async function work(
  { run }: Visit,
  request: TaskRequest,
  events: TaskEvents,
  token: WaitingTask | undefined,
): Promise<unknown> {
  const { call, signal } = request;
  const answer = await run.tasks.call(request);
  token?.handOn();
  signal.throwIfAborted();
  if (call.kind === 'activity') return token?.answer;
  if (call.kind !== 'integration' || call.waits === 'answer') return answer;
  events.submitted(answer);
  return token ? token.answer : run.tasks.finished(request, recordOf(answer));
}

/** The work, or the first limit exceeded. */
async function limited(
  { run: { time } }: Visit,
  { timeout, heartbeat }: Limits,
  token: WaitingTask | undefined,
  signal: AbortSignal,
  working: Promise<unknown>,
): Promise<unknown> {
  const begun = time.now();
  const over = async (seconds: number, since: () => number, covered: string): Promise<never> => {
    await time.limit(seconds, since, signal);
    signal.throwIfAborted();
    throw new StateFailure(TIMEOUT, '', covered);
  };
  const cut = new Promise<never>((_, reject) => {
    const stop = () => reject(signal.reason as Error);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  const races = [
    working,
    cut,
    ...(timeout === undefined ? [] : [over(timeout, () => begun, TIMEOUT)]),
    ...(heartbeat === undefined || !token ? [] : [over(heartbeat, () => token.heartbeat(), HEARTBEAT_TIMEOUT)]),
  ];
  for (const race of races) race.catch(() => undefined);
  return Promise.race(races);
}

async function limitsOf(visit: Visit): Promise<Limits> {
  const timeout = await numberOf(visit, 'TimeoutSeconds', 0);
  const heartbeat = await numberOf(visit, 'HeartbeatSeconds', 0);
  return { ...(timeout > 0 && { timeout }), ...(heartbeat > 0 && { heartbeat }) };
}

/** The role of `Credentials`. */
async function roleOf(visit: Visit): Promise<string | undefined> {
  const { Credentials } = visit.state.body;
  if (Credentials === undefined) return undefined;
  const given = await dataOf(visit.state.language).template(visit, Credentials, 'Credentials');
  return isRecord(given) ? text(given.RoleArn) : undefined;
}
