import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Deployed } from '../../kernel/deployment';
import { isRecord, type JsonObject, recordOf, text } from '../../kernel/json';
import type { LocalContext } from '../../kernel/service';
import type { LambdaFunction } from '../../lambda/lambda-function';
import { ThrottledError } from '../../lambda/function-errors';
import type { Responses } from './responses';

/** How long to wait for an answer after everything has ended, in milliseconds; CloudFormation waits an hour. */
const GRACE = 2_000;
const STEP = 50;

/** How long a function may continue after an unsupported call, in milliseconds. */
const PATIENCE = 5_000;

/** The maximum size of an answer, in bytes. */
const MAX_ANSWER = 4096;

/** The result of a custom resource: what `Ref` and `Fn::GetAtt` return. */
export interface Created {
  /** The value of `Ref`. */
  readonly physicalId: string;
  /** The values of `Fn::GetAtt`, by name. */
  readonly data: JsonObject;
}

/**
 * Creates a custom resource as CloudFormation does: calls its function with `Create`, and waits for an answer at the
 * `ResponseURL`, from the function or from something it started, such as the polling state machine of CDK's provider
 * framework.
 * @returns why it was not created, on failure
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html
 */
export async function create(
  context: LocalContext,
  resource: Deployed,
  responses: Responses,
): Promise<Created | string> {
  const { ServiceToken: token, ...properties } = resource.properties;
  const arn = text(token) ?? '';
  const target = context.functions.target(arn);
  if (!target) return `its provider '${arn}' is not a function in the templates`;
  const reason = context.functions.whyNotRunnable(target.function);
  if (reason !== undefined) return `its function '${target.function.deployed.displayName}' does not run: ${reason}`;
  const behind = whyBehindNotRunnable(context, target.function);
  if (behind !== undefined) return behind;
  const { url, answer } = responses.next();
  const event = {
    RequestType: 'Create',
    RequestId: randomUUID(),
    ResponseURL: url,
    StackId: resource.stackId,
    ServiceToken: arn,
    ResourceType: resource.type,
    LogicalResourceId: resource.logicalId,
    ResourceProperties: { ServiceToken: arn, ...withSdkAtHand(recordOf(asTexts(properties, context))) },
  };
  const seconds = Number(text(properties.ServiceTimeout) ?? 3600);
  const invoked = context.functions.invoke(target, JSON.stringify(event)).then(
    async ({ error }) => {
      if (error) return `its function failed: ${error.message}`;
      await nothingLeft(context, seconds * 1000);
      return 'its function ended without an answer to the ResponseURL: on AWS the stack waits for it for an hour';
    },
    (error: unknown) => {
      if (error instanceof ThrottledError) return `its function is throttled: ${error.reason}`;
      throw error;
    },
  );
  const done = new AbortController();
  const answered = await Promise.race([answer, invoked, stuck(context, done.signal)]);
  done.abort();
  if (typeof answered === 'string') return answered;
  if (answered.Status !== 'SUCCESS') return `its function answered ${text(answered.Status)}: ${text(answered.Reason)}`;
  if (JSON.stringify(answered).length > MAX_ANSWER) return `its answer is longer than ${MAX_ANSWER} bytes`;
  const physicalId = text(answered.PhysicalResourceId);
  if (physicalId === undefined) return 'its answer has no PhysicalResourceId';
  return { physicalId, data: recordOf(answered.Data) };
}

/** CDK's provider framework calls the user's functions, whose ARNs are in these variables. */
function whyBehindNotRunnable({ functions }: LocalContext, { deployed }: LambdaFunction): string | undefined {
  const variables = recordOf(recordOf(deployed.properties.Environment).Variables);
  for (const name of ['USER_ON_EVENT_FUNCTION_ARN', 'USER_IS_COMPLETE_FUNCTION_ARN']) {
    const target = functions.target(text(variables[name]) ?? '');
    const reason = target && functions.whyNotRunnable(target.function);
    if (reason !== undefined) return `its function '${target!.function.deployed.displayName}' does not run: ${reason}`;
  }
  return undefined;
}

/** Endless retries of an unsupported call would block the start until the function times out. */
async function stuck(context: LocalContext, done: AbortSignal): Promise<string> {
  const before = countOf(context.unanswered);
  let since: number | undefined;
  while (!done.aborted) {
    await sleep(STEP, undefined, { ref: false });
    if (since === undefined && countOf(context.unanswered) > before) since = Date.now();
    if (since !== undefined && Date.now() - since > PATIENCE) break;
  }
  const { service = '', operation = '' } = context.unanswered.at(-1) ?? {};
  return `it calls ${service}:${operation}, which is not supported here, and does not end`;
}

function countOf(calls: LocalContext['unanswered']): number {
  return calls.reduce((sum, { count }) => sum + count, 0);
}

/** Waits while anything running or in flight may still answer. */
async function nothingLeft(context: LocalContext, timeout: number): Promise<void> {
  const end = Date.now() + timeout;
  for (let quiet = 0; quiet < GRACE && Date.now() < end;) {
    await sleep(STEP, undefined, { ref: false });
    quiet = (await context.left()).length === 0 ? quiet + STEP : 0;
  }
}

/**
 * CDK's resource for SDK calls first installs the latest SDK from the network, and falls back to the bundled one after
 * two minutes. Here the bundled one is used at once.
 */
function withSdkAtHand(properties: JsonObject): JsonObject {
  return 'InstallLatestAwsSdk' in properties ? { ...properties, InstallLatestAwsSdk: 'false' } : properties;
}

/** CloudFormation passes every number and boolean as a string; AWS URLs become this run's. */
function asTexts(value: unknown, context: LocalContext): unknown {
  if (Array.isArray(value)) return value.map((item) => asTexts(item, context));
  if (isRecord(value))
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, asTexts(item, context)]));
  if (typeof value === 'string') return context.localized(value);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}
