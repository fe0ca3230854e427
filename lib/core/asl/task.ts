import { Text } from '../model/values';
import { isUnknown, toText } from '../model/select';

/** What a task calls, as its `Resource` names it. */
export type TaskCall = IntegrationCall | FunctionCall | ActivityCall;

/** An API call: `arn:aws:states:::sqs:sendMessage` or `arn:aws:states:::aws-sdk:sqs:sendMessage`. */
export interface IntegrationCall {
  readonly kind: 'integration';
  /** The service in the ARN: `sqs`, `lambda`, `dynamodb`, `states`. */
  readonly service: string;
  /** The action in the ARN: `sendMessage`. */
  readonly api: string;
  /** Whether it is an SDK integration, of which Step Functions checks only the names. */
  readonly sdk: boolean;
  /** What it waits for: the response, the end of the job, or the token. */
  readonly waits: 'answer' | 'job' | 'token';
  /** The version of `.sync`: 2 for `.sync:2`, with parsed output. */
  readonly sync?: 1 | 2;
}

/** A function, by its own ARN. */
export interface FunctionCall {
  readonly kind: 'function';
  /** The ARN, as written. */
  readonly resource: unknown;
}

/** An activity, whose worker polls for tasks. */
export interface ActivityCall {
  readonly kind: 'activity';
  readonly arn: string;
}

const INTEGRATION = /^arn:[^:]*:states:[^:]*:[^:]*:(aws-sdk:)?([^:.]+):([^.:]+)(\.sync(?::2)?|\.waitForTaskToken)?$/;

/** Reads the `Resource` of a task; undefined if there is none. */
export function taskCall(resource: unknown): TaskCall | undefined {
  if (resource === undefined) return undefined;
  const text = partitionless(resource);
  if (text?.includes(':states:') && text.includes(':activity:')) return { kind: 'activity', arn: text };
  const [, sdk, service, api, suffix] = INTEGRATION.exec(text ?? '') ?? [];
  if (service === undefined || api === undefined) return { kind: 'function', resource };
  return {
    kind: 'integration',
    service,
    api,
    sdk: sdk !== undefined,
    waits: suffix === undefined ? 'answer' : suffix === '.waitForTaskToken' ? 'token' : 'job',
    ...(suffix?.startsWith('.sync') && { sync: suffix === '.sync' ? 1 : 2 }),
  };
}

/** The text of a `Resource` with at most partition, region or account open. */
function partitionless(resource: unknown): string | undefined {
  if (!(resource instanceof Text)) return toText(resource);
  const parts = resource.parts.map((part) =>
    isUnknown(part) && part.name?.startsWith('AWS::') ? part.name.replace(/^AWS::\w+$/, 'aws') : toText(part),
  );
  return parts.includes(undefined) ? undefined : parts.join('');
}
