import { lambda } from '../../../../core/facts';
import { CANNOT_RUN } from '../../lambda/function-errors';
import type { FunctionTarget } from '../../lambda/functions';
import type { InvokeOptions, Outcome } from '../../lambda/lambda-function';
import type { StreamedOutcome } from '../../lambda/streamed-response';
import type { LocalContext } from '../../kernel/service';
import { traceOfInvocation } from '../../kernel/trace';
import { IntegrationFailure, NotRunHere, PayloadTooLarge } from './integration-failure';

/** A function as an API names it, with the grounds to invoke it. */
export interface LambdaTarget {
  /** The URI of the integration or authorizer, or the ARN of the function. */
  readonly uri: string;
  /** The role that the API assumes to invoke it; without one, the function's policy decides. */
  readonly credentials?: string;
  /** The ARN of the invoking route, method or authorizer. */
  readonly source: string;
  /** The trace header of the request; without one, the invocation starts a trace. */
  readonly traceId?: string;
}

const SERVICE = 'apigateway.amazonaws.com';

/**
 * Invokes a function for an API.
 * @throws IntegrationFailure when there is no such function, or the API may not invoke it
 * @throws NotRunHere when the function does not run here
 * @throws ThrottledError when the function is busy
 * @throws PayloadTooLarge when the event is larger than a function takes
 */
export async function invokeForApi(context: LocalContext, called: LambdaTarget, event: unknown): Promise<Outcome> {
  const { target, payload } = permitted(context, called, event);
  return orNotRun(await context.functions.invoke(target, payload, traceOf(called)));
}

/**
 * Invokes a function for an API, and streams its answer.
 * @throws IntegrationFailure, ThrottledError, PayloadTooLarge as `invokeForApi` does
 */
export async function streamForApi(
  context: LocalContext,
  called: LambdaTarget,
  event: unknown,
): Promise<StreamedOutcome> {
  const { target, payload } = permitted(context, called, event);
  return orNotRun(await context.functions.invokeStreaming(target, payload, { raw: true, ...traceOf(called) }));
}

function traceOf({ traceId }: LambdaTarget): Pick<InvokeOptions, 'traceId'> {
  return traceId === undefined ? {} : { traceId: traceOfInvocation(traceId) };
}

/** A limit of this run is not the function's answer: the user's mappings must not see it. */
function orNotRun<T extends Pick<Outcome, 'error'>>(outcome: T): T {
  if (outcome.error?.errorType === CANNOT_RUN) throw new NotRunHere(outcome.error.message);
  return outcome;
}

function permitted(
  context: LocalContext,
  called: LambdaTarget,
  event: unknown,
): { readonly target: FunctionTarget; readonly payload: string } {
  const arn = lambdaArn(called.uri);
  const target = context.functions.target(arn);
  if (!target) throw new IntegrationFailure(`there is no function '${arn}'`);
  const refused = whyRefused(context, target, called);
  if (refused !== undefined) throw new IntegrationFailure(refused);
  const payload = JSON.stringify(event);
  if (Buffer.byteLength(payload) > lambda.synchronousPayload.value) throw new PayloadTooLarge('the event is too large');
  return { target, payload };
}

/** The ARN of the function in the URI of an integration or authorizer. */
export function lambdaArn(uri: string): string {
  return /functions\/(arn:[^/]+)\/(?:invocations|response-streaming-invocations)$/.exec(uri)?.[1] ?? uri;
}

function whyRefused(
  context: LocalContext,
  target: FunctionTarget,
  { credentials, source }: LambdaTarget,
): string | undefined {
  if (credentials === undefined) {
    const need = { action: 'lambda:InvokeFunction', resource: target.arn };
    if (context.access.servicePermitted(SERVICE, need, source)) return undefined;
    return `no AWS::Lambda::Permission lets ${SERVICE} invoke '${target.arn}' for '${source}'`;
  }
  const role = context.assume(credentials, { service: SERVICE });
  if (typeof role === 'string') return role;
  return context.access.refusal(role, [{ action: 'lambda:InvokeFunction', resource: target.arn }])?.message;
}
