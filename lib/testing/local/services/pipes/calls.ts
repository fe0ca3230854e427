import { AwsError } from '../../kernel/aws-errors';
import type { Caller } from '../../kernel/caller';
import type { HttpResponse } from '../../kernel/call';
import { type Forwarded, jsonCall } from '../../kernel/forward';
import { type JsonObject, parseJson, recordOf, text } from '../../kernel/json';
import type { LocalContext } from '../../kernel/service';
import type { ApiDestinations } from '../event-bridge/api-destinations';
import { decoded } from './template';

/** A failed call made by a pipe. */
export class PipeCallError extends Error {
  /**
   * @param code the error's code: `AccessDeniedException`, or the type of a handler's error
   * @param message the called service's message
   * @param busy whether it was throttled, so that retries do not count
   */
  constructor(
    readonly code: string,
    message: string,
    readonly busy = false,
  ) {
    super(message);
    this.name = code;
  }
}

const BUSY = /^(TooManyRequestsException|ThrottlingException|ProvisionedThroughputExceededException)$/;

/** Calls that a pipe makes under its role. */
export class PipeCalls {
  /** @param role the pipe's role */
  constructor(
    private readonly context: LocalContext,
    private readonly destinations: ApiDestinations,
    private readonly role: Caller,
  ) {}

  /**
   * Calls an operation of a service with a JSON protocol.
   * @param target the prefix of its operations: `AmazonSQS`
   * @throws PipeCallError when the service rejects the call
   */
  async json(service: string, target: string, operation: string, input: JsonObject): Promise<JsonObject> {
    const response = await this.call(service, jsonCall(target, operation, input));
    return recordOf(parseJson(String(response.body ?? '')));
  }

  /**
   * Invokes a function.
   * @returns its response as text; undefined for an asynchronous invocation
   * @throws PipeCallError when Lambda rejects the call or the handler throws
   */
  async invoke(arn: string, payload: string, wait: boolean): Promise<string | undefined> {
    const response = await this.call('lambda', {
      method: 'POST',
      path: `/2015-03-31/functions/${encodeURIComponent(arn)}/invocations`,
      query: '',
      headers: [['x-amz-invocation-type', wait ? 'RequestResponse' : 'Event']],
      body: Buffer.from(payload),
    });
    const answer = String(response.body ?? '');
    if (response.headers?.['x-amz-function-error'] === undefined) return wait ? answer : undefined;
    const { errorType, errorMessage } = recordOf(parseJson(answer));
    throw new PipeCallError(text(errorType) ?? 'Unhandled', text(errorMessage) ?? answer);
  }

  /**
   * Starts a state machine; with `wait`, returns the output of an Express execution.
   * @throws PipeCallError when Step Functions rejects the call or the execution fails
   */
  async start(arn: string, input: string, wait: boolean): Promise<string | undefined> {
    const operation = wait ? 'StartSyncExecution' : 'StartExecution';
    const answer = await this.json('states', 'AWSStepFunctions', operation, { stateMachineArn: arn, input });
    if (!wait) return undefined;
    if (answer.status === 'SUCCEEDED') return text(answer.output) ?? '';
    throw new PipeCallError(text(answer.error) ?? String(answer.status), text(answer.cause) ?? String(answer.status));
  }

  /**
   * Delivers a payload to the target's service.
   * @throws PipeCallError when the service rejects it
   */
  deliver(target: string, payload: string): Promise<void> {
    return orFailed(this.context.deliver({ target, payload, sender: this.role }));
  }

  /**
   * Sends one record to an API destination.
   * @param parameters path, query and headers, with paths into the record
   * @returns the response body
   * @throws PipeCallError when the endpoint rejects it
   */
  invokeDestination(arn: string, payload: string, parameters: JsonObject, value: unknown): Promise<string> {
    const body = parseJson(payload) ?? payload;
    return orFailed(this.destinations.invoke(arn, body, parameters, recordOf(decoded(value)), this.role));
  }

  private async call(service: string, request: Forwarded): Promise<HttpResponse> {
    const response = await this.context.call(service, request, this.role);
    if (response.status < 400) return response;
    const source = String(response.body ?? '');
    const body = recordOf(parseJson(source));
    const header = [response.headers?.['x-amzn-errortype']].flat()[0];
    const code = (header ?? text(body.__type)?.split('#').at(-1) ?? String(response.status)).split(':')[0]!;
    throw new PipeCallError(code, text(body.message ?? body.Message) ?? source, BUSY.test(code));
  }
}

async function orFailed<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof AwsError) throw new PipeCallError(error.code, error.message);
    throw error;
  }
}
