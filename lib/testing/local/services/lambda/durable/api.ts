import { AwsError } from '../../../kernel/aws-errors';
import type { Call } from '../../../kernel/call';
import type { KeyUse } from '../../../kernel/encryption-key';
import { isRecord, type JsonObject, parseJson, recordOf, text } from '../../../kernel/json';
import type { Need } from '../../../kernel/judge';
import type { FunctionTarget } from '../../../lambda/functions';
import { OPERATIONS } from '../operations';
import type { DurableExecution } from './execution';
import type { DurableExecutions } from './executions';
import { type DurableStatus, epoch, type OperationUpdate } from './wire';

/** The requested resource. */
interface Asked {
  readonly labels: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: JsonObject;
}

/** The supported operations of durable executions. */
const SERVED = [
  'CheckpointDurableExecution',
  'GetDurableExecution',
  'GetDurableExecutionHistory',
  'GetDurableExecutionState',
  'ListDurableExecutionsByFunction',
  'SendDurableExecutionCallbackFailure',
  'SendDurableExecutionCallbackHeartbeat',
  'SendDurableExecutionCallbackSuccess',
  'StopDurableExecution',
];

/**
 * The permissions that a call requires; undefined for an unrelated operation.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/durable-security.html
 */
export function durableNeeds(
  { operation, request }: Call,
  executions: DurableExecutions,
  functionArn: (reference: string, qualifier: string | undefined) => string,
): readonly Need[] | undefined {
  if (!SERVED.includes(operation)) return undefined;
  const { labels = {} } = OPERATIONS.read(request) ?? {};
  const action = `lambda:${operation}`;
  if (labels.CallbackId !== undefined) {
    // A wrong id gets only that answer.
    const found = executions.callback(labels.CallbackId);
    return found ? [{ action, resource: found.execution.start.arn }] : [];
  }
  if (labels.DurableExecutionArn !== undefined) return [{ action, resource: labels.DurableExecutionArn }];
  const qualifier = new URLSearchParams(request.query).get('Qualifier') ?? undefined;
  return [{ action, resource: functionArn(labels.FunctionName ?? '', qualifier) }];
}

/** Operations that read or write the data of an execution, besides checkpoints, with which it fails. */
const READS = [
  'GetDurableExecution',
  'SendDurableExecutionCallbackFailure',
  'SendDurableExecutionCallbackSuccess',
  'StopDurableExecution',
];

/**
 * The keys that a caller uses with a call.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/durable-encryption.html#durable-encryption-key-policy
 */
export function durableKeys({ operation, request }: Call, executions: DurableExecutions): readonly KeyUse[] {
  const { labels = {} } = OPERATIONS.read(request) ?? {};
  const included = new URLSearchParams(request.query).get('IncludeExecutionData');
  const reads = READS.includes(operation) ? included !== 'false' : operation.endsWith('History') && included === 'true';
  const fn = reads ? executions.functionOf(labels.DurableExecutionArn, labels.CallbackId) : undefined;
  const key = fn && text(recordOf(fn.deployed.properties.DurableConfig).KMSKeyArn);
  if (!fn || key === undefined) return [];
  const encryptionContext = { 'aws:lambda:FunctionArn': fn.deployed.arn };
  return [{ key, actions: ['kms:Decrypt'], service: 'lambda', of: 'durable function', encryptionContext }];
}

/**
 * Answers a call.
 * @throws AwsError when the service refuses it
 */
export function answer(
  { operation, request }: Call,
  executions: DurableExecutions,
  targetOf: (reference: string, qualifier: string | undefined) => FunctionTarget,
): object {
  const { labels = {} } = OPERATIONS.read(request) ?? {};
  const query = new URLSearchParams(request.query);
  const payload = request.body.toString();
  if (labels.CallbackId !== undefined) return answerCallback(operation, labels.CallbackId, payload, executions);
  if (operation === 'ListDurableExecutionsByFunction') {
    const { function: fn, version } = targetOf(labels.FunctionName ?? '', query.get('Qualifier') ?? undefined);
    const some = query.get('Qualifier') === null ? undefined : version;
    return list(executions.of(fn), query, some);
  }
  const execution = executions.find(labels.DurableExecutionArn ?? '');
  return answerOne(operation, execution, { labels, query, body: recordOf(parseJson(payload)) });
}

function answerOne(operation: string, execution: DurableExecution, { query, body }: Asked): object {
  const { start } = execution;
  switch (operation) {
    case 'CheckpointDurableExecution': {
      const updates = (body.Updates ?? []) as readonly OperationUpdate[];
      const { token, news } = execution.checkpoint(text(body.CheckpointToken) ?? '', updates);
      return {
        ...(token !== undefined && { CheckpointToken: token }),
        NewExecutionState: { Operations: news },
      };
    }
    case 'GetDurableExecutionState': {
      const most = Number(query.get('MaxItems') ?? 100);
      return execution.state(query.get('CheckpointToken') ?? '', query.get('Marker') ?? '', most);
    }
    case 'GetDurableExecutionHistory': {
      const data = query.get('IncludeExecutionData') === 'true';
      const events = data ? execution.history.events : execution.history.events.map(withoutData);
      const { items, next } = page(query.get('ReverseOrder') === 'true' ? [...events].reverse() : events, query);
      return { Events: items, ...next };
    }
    case 'StopDurableExecution':
      execution.stop(isRecord(body.Error) ? body.Error : body);
      return { StopTimestamp: epoch(execution.stopped!) };
    default: {
      const included = query.get('IncludeExecutionData') !== 'false';
      const about = { ...summaryOf(execution), Version: start.version, ExecutionDataIncluded: included };
      if (!included) return about;
      return {
        ...about,
        InputPayload: start.input,
        ...(execution.result !== undefined && { Result: execution.result }),
        ...(execution.failure && { Error: execution.failure }),
      };
    }
  }
}

function answerCallback(operation: string, id: string, payload: string, executions: DurableExecutions): object {
  const found = executions.callback(id);
  if (!found) throw new AwsError('InvalidParameterValueException', 'Invalid callback id', 400);
  const { execution, operation: callback } = found;
  if (execution.status !== 'RUNNING' || callback.status !== 'STARTED') {
    const message = 'The callback is either timed out or already completed';
    throw new AwsError('CallbackTimeoutException', message, 400, { Type: 'User' });
  }
  if (operation.endsWith('Heartbeat')) execution.hear(callback);
  else if (operation.endsWith('Success')) execution.operations.answer(callback, 'SUCCEEDED', payload);
  else execution.operations.answer(callback, 'FAILED', undefined, recordOf(parseJson(payload)));
  return {};
}

function list(all: readonly DurableExecution[], query: URLSearchParams, version: string | undefined): object {
  const statuses = query.getAll('Statuses') as DurableStatus[];
  const [name, after, before] = ['DurableExecutionName', 'StartedAfter', 'StartedBefore'].map((key) => query.get(key));
  const found = all.filter(
    ({ start, status, started }) =>
      (version === undefined || start.version === version) &&
      (statuses.length === 0 || statuses.includes(status)) &&
      (name === null || start.name === name) &&
      (!after || started > Date.parse(after)) &&
      (!before || started < Date.parse(before)),
  );
  const { items, next } = page(query.get('ReverseOrder') === 'true' ? [...found].reverse() : found, query);
  return { DurableExecutions: items.map(summaryOf), ...next };
}

function summaryOf({ start, status, started, stopped }: DurableExecution): object {
  return {
    DurableExecutionArn: start.arn,
    DurableExecutionName: start.name,
    FunctionArn: start.functionArn,
    Status: status,
    StartTimestamp: epoch(started),
    ...(stopped !== undefined && { EndTimestamp: epoch(stopped) }),
  };
}

function page<T>(all: readonly T[], query: URLSearchParams): { readonly items: readonly T[]; readonly next: object } {
  const from = Number(query.get('Marker') ?? 0);
  const to = from + (Number(query.get('MaxItems')) || 100);
  return { items: all.slice(from, to), next: to < all.length ? { NextMarker: String(to) } : {} };
}

/** An event without its input and result. */
function withoutData(event: object): object {
  return JSON.parse(JSON.stringify(event, (key, value: unknown) => (key === 'Payload' ? undefined : value))) as object;
}
