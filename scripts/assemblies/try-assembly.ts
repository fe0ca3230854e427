import path from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { displayName } from '../../lib/core/model/display';
import type { Model, Resource } from '../../lib/core/model/model';
import { readAssembly } from '../../lib/core/model/read-assembly';
import { type LocalRun, type LogEntry, runLocally } from '../../lib/testing';
import { isSurroundings, kindsOf } from './kinds';
import { filled, routesOf } from './routes';

/** What came of one assembly. */
export interface AppResult {
  /** The name of its folder. */
  readonly app: string;
  /**
   * `runs`: all of it but its surroundings; `partly`: something else is not run, or a call was not answered; `empty`: it
   * has neither a function nor an API; `fails`: it does not start, or ends the process.
   */
  readonly verdict: 'runs' | 'partly' | 'empty' | 'fails';
  /** Why it fails. */
  readonly failure?: string;
  /** What it is made of. */
  readonly kinds: readonly string[];
  /** Milliseconds until it was ready. */
  readonly ready?: number;
  /** Its functions. */
  readonly functions: number;
  /** Requests, messages, objects and schedules that were sent. */
  readonly sent: number;
  /** Answers of its APIs, by status. */
  readonly answers: Readonly<Record<string, number>>;
  /** Invocations. */
  readonly invoked: number;
  /** Those that failed. */
  readonly failed: number;
  /** What the run says that it does not run. */
  readonly notRun: readonly string[];
  /** Those of them that are surroundings: networks, delivery, operation. */
  readonly beside: readonly string[];
  /** Calls that the run did not answer. */
  readonly calls: readonly string[];
  /** Lines of the log that tell of failures. */
  readonly complaints?: readonly string[];
}

const SCHEDULES = ['AWS::Events::Rule', 'AWS::Scheduler::Schedule'];

/** Runs an assembly, and sends it what its triggers take. */
export async function tryAssembly(directory: string): Promise<AppResult> {
  const app = path.basename(directory);
  const nothing = { app, functions: 0, sent: 0, answers: {}, invoked: 0, failed: 0, notRun: [], beside: [], calls: [] };
  let kinds: readonly string[] = [];
  try {
    const model = readAssembly(directory);
    kinds = kindsOf([...model.resources.values()].map(({ type }) => type));
    const complaints: string[] = [];
    const onLog = ({ source, message }: LogEntry) => {
      if (/ERROR|Error|NOTE|denied/.test(message))
        complaints.push(`${source}: ${message.slice(0, 300).replaceAll('\n', ' ')}`);
    };
    const started = Date.now();
    const run = await runLocally(directory, { issuers: 'local', onLog, timeScale: 60 });
    const ready = Date.now() - started;
    try {
      const { sent, answers } = await send(run, model);
      await run.idle({ timeout: 20_000 }).catch((error: unknown) => complaints.push(`idle: ${String(error)}`));
      return { ...resultOf(run), app, kinds, ready, sent, answers, complaints: [...new Set(complaints)].slice(0, 20) };
    } finally {
      await run.stop();
    }
  } catch (error) {
    const failure = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { ...nothing, kinds, verdict: 'fails', failure };
  }
}

function resultOf(run: LocalRun): Omit<AppResult, 'app' | 'kinds' | 'sent' | 'answers'> {
  const report = run.report();
  const counts = report.functions.map(({ invocations }) => invocations);
  const total = (of: 'total' | 'failed') => counts.reduce((sum, one) => sum + one[of], 0);
  const notRun = run.unsupported.map(({ resource, type, reason }) => `${resource} (${type}): ${reason}`);
  const calls = report.unsupportedCalls.map(({ caller, service, operation }) => `${caller}: ${service}:${operation}`);
  const own = notRun.filter((reason) => !isSurroundings(reason));
  const isEmpty = run.functions.length === 0 && Object.keys(run.urls).length === 0;
  const verdict = isEmpty ? 'empty' : own.length > 0 || calls.length > 0 ? 'partly' : 'runs';
  return {
    verdict,
    functions: run.functions.length,
    invoked: total('total'),
    failed: total('failed'),
    notRun: own,
    beside: notRun.filter(isSurroundings),
    calls,
  };
}

async function send(run: LocalRun, model: Model): Promise<Pick<AppResult, 'sent' | 'answers'>> {
  const all = [...model.resources.values()];
  const of = (...types: readonly string[]) => all.filter(({ type }) => types.includes(type));
  const answers: Record<string, number> = {};
  let sent = 0;
  for (const api of of('AWS::ApiGateway::RestApi', 'AWS::ApiGatewayV2::Api')) {
    const url = run.urls[displayName(api)];
    for (const { method, path: route } of url === undefined ? [] : routesOf(model, api)) {
      const status = await request(`${url}${filled(route)}`, method, tokenOf(run));
      answers[status] = (answers[status] ?? 0) + 1;
      sent++;
    }
  }
  const triggers: readonly (readonly [Resource, () => unknown])[] = [
    ...of('AWS::SQS::Queue').map(
      (queue) => [queue, () => run.queue(displayName(queue)).send('{"id":"1","message":"hello"}')] as const,
    ),
    ...of(...SCHEDULES)
      .filter(({ properties }) => properties.ScheduleExpression !== undefined)
      .map((schedule) => [schedule, () => run.fire(displayName(schedule))] as const),
    ...of('AWS::S3::Bucket').map((bucket) => [bucket, () => putObject(run, bucket)] as const),
  ];
  for (const [, trigger] of triggers) {
    try {
      await trigger();
      sent++;
    } catch {
      // What cannot be sent to is listed by the run.
    }
  }
  return { sent, answers };
}

/** A token that the authorizers of the app take; another text where it has none. */
function tokenOf(run: LocalRun): string {
  try {
    return run.token();
  } catch {
    return 'none';
  }
}

async function request(url: string, method: string, token: string): Promise<string> {
  const body = ['GET', 'HEAD', 'OPTIONS'].includes(method)
    ? undefined
    : JSON.stringify({ id: '1', name: 'one', message: 'hello' });
  const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` };
  try {
    const response = await fetch(url, {
      method,
      headers,
      ...(body !== undefined && { body }),
      signal: AbortSignal.timeout(30_000),
    });
    await response.arrayBuffer();
    return String(response.status);
  } catch (error) {
    return error instanceof Error ? error.name : 'failed';
  }
}

function putObject(run: LocalRun, bucket: Resource): Promise<unknown> {
  const input = { Bucket: run.nameOf(displayName(bucket)), Key: 'inbox/first.json', Body: '{"id":"1"}' };
  return run.client(S3Client).send(new PutObjectCommand(input));
}
