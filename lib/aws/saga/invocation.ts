import { jsonata, quote } from './expressions';
import { keySuffix, type PlanCall, type PlanRetry, type PlanStep } from './plan';
import type { JsonObject } from '../../core/record';

/** How a state calls a function or another service. */
export interface Invocation {
  /** `Resource` of the state. */
  readonly resource: string;
  /** `Arguments` of the state, given a handler's event; a task has its own. */
  readonly arguments: (event: JsonObject) => JsonObject;
  /** JSONata for the step's result. */
  readonly result: string;
  /** Further fields of the state. */
  readonly fields?: JsonObject;
}

/** The invocations of a step. */
export interface StepInvocations {
  readonly action: Invocation;
  readonly compensation?: Invocation;
}

/** Task state fields that make one call, retried as planned. */
export function taskFields(call: PlanCall, invocation: Invocation, event: JsonObject, deadline: boolean): JsonObject {
  const { retry, heartbeat } = call;
  return {
    Type: 'Task',
    Resource: invocation.resource,
    Arguments: invocation.arguments(call.callback ? { ...event, taskToken: TASK_TOKEN } : event),
    ...invocation.fields,
    TimeoutSeconds: deadline ? untilDeadline(call.timeout) : call.timeout,
    ...(heartbeat !== undefined && {
      HeartbeatSeconds: deadline ? untilDeadline(heartbeat, 1) : heartbeat,
    }),
    ...(retry.attempts > 1 && retry.errors.length > 0 && { Retry: retriers(retry) }),
  };
}

/** A state's retriers. */
export function retriers({ errors, interval, attempts, backoff, maxDelay }: PlanRetry): readonly JsonObject[] {
  return [
    {
      ErrorEquals: errors,
      IntervalSeconds: interval,
      MaxAttempts: attempts - 1,
      BackoffRate: backoff,
      MaxDelaySeconds: maxDelay,
      JitterStrategy: 'FULL',
    },
  ];
}

/** The execution, for logs; never a source of keys. */
export const EXECUTION = {
  name: jsonata('$states.context.Execution.Name'),
  arn: jsonata('$states.context.Execution.Id'),
  startTime: jsonata('$states.context.Execution.StartTime'),
};

const TASK_TOKEN = jsonata('$states.context.Task.Token');

/** Seconds, capped by what is left of the saga's time; a heartbeat stays below the timeout. */
function untilDeadline(seconds: number, less = 0): string {
  return jsonata(`$max([${2 - less}, $min([${seconds}, $ceil(($deadline - $millis()) / 1000) - ${less}])])`);
}

/** The event of a step's action. */
export function actionEvent({ name }: PlanStep): JsonObject {
  return {
    input: jsonata('$input'),
    results: jsonata('$results'),
    idempotencyKey: jsonata(`$key & ${quote(keySuffix(name, 'action'))}`),
    execution: EXECUTION,
  };
}
