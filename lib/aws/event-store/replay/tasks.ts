import type { JsonObject } from '../../../core/record';

/** Inputs of a replay's state machine. */
export interface ReplayParts {
  /** Partition of the ARNs of integrations. */
  readonly partition: string;
  /** The projection's id, as its handler uses it. */
  readonly projection: string;
  /** ARN of the projection's function. */
  readonly handler: string;
  /** Its timeout in seconds. */
  readonly handlerTimeout: number;
  /** ARN of the function that lists aggregates. */
  readonly lister: string;
  /** Names of tables. */
  readonly events: string;
  readonly checkpoints: string;
  /** Name of the bucket that exports are in. */
  readonly exports?: string;
  /** Parts replayed at once. */
  readonly concurrency: number;
  /** Whether to publish the events of a period again, instead of rebuilding models. */
  readonly publishes?: boolean;
}

/** Allowance for a late start of a function and for its response. */
const GRACE = 30;

/** An item with a replay's progress. Its key contains a slash, which no projection's id does. */
export function note(parts: ReplayParts, key: string, more: JsonObject): JsonObject {
  return task(parts, 'dynamodb:putItem', {
    TableName: parts.checkpoints,
    Item: { aggregate: { S: `${parts.projection}#replay` }, projection: { S: query(key) }, ...more },
  });
}

export function call(parts: ReplayParts, fn: string, timeout: number, payload: unknown): JsonObject {
  return {
    ...task(parts, 'lambda:invoke', { FunctionName: fn, Payload: payload }),
    TimeoutSeconds: timeout + GRACE,
  };
}

export function task({ partition }: ReplayParts, integration: string, given: JsonObject): JsonObject {
  return {
    Type: 'Task',
    Resource: `arn:${partition}:states:::${integration}`,
    Arguments: given,
    TimeoutSeconds: GRACE,
    Retry: RETRY,
  };
}

/** Every call may be repeated: checkpoints count each event once. */
const RETRY = [
  { ErrorEquals: ['ReplayRefused'], MaxAttempts: 0 },
  {
    ErrorEquals: ['States.ALL'],
    IntervalSeconds: 2,
    MaxAttempts: 8,
    BackoffRate: 2,
    MaxDelaySeconds: 60,
    JitterStrategy: 'FULL',
  },
];

export function query(expression: string): string {
  return `{% ${expression} %}`;
}
