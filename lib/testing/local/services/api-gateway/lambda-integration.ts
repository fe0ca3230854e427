import type { HttpResponse } from '../../kernel/call';
import { parseJson, text } from '../../kernel/json';
import type { LocalContext } from '../../kernel/service';
import { BadRequestBody, IntegrationFailure } from './integration-failure';
import { type IntegrationRequest, withStageVariables } from './integration-request';
import { invokeForApi, lambdaArn } from './lambda-target';
import type { IntegratedCall } from './rest-call';

/** The answer of a non-proxy function, with the text that selects its integration response. */
export interface LambdaAnswer {
  readonly answer: HttpResponse;
  /** The error message of the function; empty if it succeeded. */
  readonly selection: string;
}

/** Whether a non-proxy integration calls a function. */
export function callsFunction(uri: string): boolean {
  return /:lambda:path\/.*\/functions\/.+\/(invocations|response-streaming-invocations)$/s.test(uri);
}

/**
 * Invokes a function with the request from the templates; with `X-Amz-Invocation-Type: Event`, asynchronously.
 * @throws BadRequestBody when that is not JSON
 * @throws IntegrationFailure when the function does not exist or the API may not invoke it
 */
export async function callFunction(
  context: LocalContext,
  call: Pick<IntegratedCall, 'integration' | 'request' | 'source'>,
  { uri, headers, body }: IntegrationRequest,
): Promise<LambdaAnswer> {
  const event = body.length === 0 ? {} : parseJson(body.toString());
  if (event === undefined) throw new BadRequestBody('Could not parse request body into json');
  const credentials = text(call.integration.Credentials);
  const role = credentials === undefined ? undefined : withStageVariables(credentials, call);
  const lower = [...headers].map(([name, value]) => [name.toLowerCase(), value] as const);
  if (lower.some(([name, value]) => name === 'x-amz-invocation-type' && value === 'Event')) {
    await deliverEvent(context, { arn: lambdaArn(uri), source: call.source, event, ...(role && { role }) });
    return { answer: { status: 202, headers: {}, body: '' }, selection: '' };
  }
  const target = {
    uri,
    source: call.source,
    traceId: call.request.traceId,
    ...(role !== undefined && { credentials: role }),
  };
  const outcome = await invokeForApi(context, target, event);
  const selection = outcome.error ? (outcome.error.payload.errorMessage ?? '') : '';
  return {
    answer: { status: 200, headers: { 'content-type': 'application/json' }, body: outcome.payload },
    selection,
  };
}

interface AsynchronousEvent {
  readonly arn: string;
  readonly source: string;
  readonly event: unknown;
  readonly role?: string;
}

async function deliverEvent(context: LocalContext, { arn, source, event, role }: AsynchronousEvent): Promise<void> {
  const service = 'apigateway.amazonaws.com';
  const sender = role === undefined ? { service, arn: source } : context.assume(role, { service });
  if (typeof sender === 'string') throw new IntegrationFailure(sender);
  try {
    await context.deliver({ target: arn, payload: event, sender });
  } catch (error) {
    throw new IntegrationFailure(error instanceof Error ? error.message : String(error));
  }
}
