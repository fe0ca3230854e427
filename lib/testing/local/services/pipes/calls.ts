import { AwsError } from '../../kernel/aws-errors';
import type { Caller } from '../../kernel/caller';
import type { HttpResponse } from '../../kernel/call';
import { type Forwarded, jsonCall } from '../../kernel/forward';
import { type JsonRecord, parseJson, record, text } from '../../kernel/json';
import type { LocalContext } from '../../kernel/service';
import type { ApiDestinations } from '../event-bridge/api-destinations';
import { decoded } from './template';

/** A call that a pipe made and that failed. */
export class PipeCallError extends Error {
  /**
   * @param code the error's code: `AccessDeniedException`, or the type of a handler's error
   * @param message as the called service words it
   * @param busy whether it is tried again without counting: a throttle
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

/** What a pipe calls, in the name of its role. */
export class PipeCalls {
  /** @param role the role of the pipe */
  constructor(
    private readonly context: LocalContext,
    private readonly destinations: ApiDestinations,
    private readonly role: Caller,
  ) {}

  /**
   * Calls an operation of a service that speaks JSON.
   * @param target what its operations begin with: `AmazonSQS`
   * @throws PipeCallError for what the service refuses
   */
  async json(service: string, target: string, operation: string, input: JsonRecord): Promise<JsonRecord> {
    const response = await this.call(service, jsonCall(target, operation, input));
    return record(parseJson(String(response.body ?? '')));
  }

  /**
   * Invokes a function.
   * @returns its answer as text; undefined where it is not waited for
   * @throws PipeCallError for what Lambda refuses, and for what the handler throws
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
    const { errorType, errorMessage } = record(parseJson(answer));
    throw new PipeCallError(text(errorType) ?? 'Unhandled', text(errorMessage) ?? answer);
  }

  /**
   * Starts a state machine, and with `wait` gives the output of an Express one.
   * @throws PipeCallError for what Step Functions refuses, and for an execution that does not succeed
   */
  async start(arn: string, input: string, wait: boolean): Promise<string | undefined> {
    const operation = wait ? 'StartSyncExecution' : 'StartExecution';
    const answer = await this.json('states', 'AWSStepFunctions', operation, { stateMachineArn: arn, input });
    if (!wait) return undefined;
    if (answer.status === 'SUCCEEDED') return text(answer.output) ?? '';
    throw new PipeCallError(text(answer.error) ?? String(answer.status), text(answer.cause) ?? String(answer.status));
  }

  /**
   * Hands something to the service that runs the target.
   * @throws PipeCallError for what it refuses
   */
  deliver(target: string, payload: string): Promise<void> {
    return orFailed(this.context.deliver({ target, payload, sender: this.role }));
  }

  /**
   * Sends an API destination one record.
   * @param parameters path, query and headers, with paths into the record
   * @returns the body of its answer
   * @throws PipeCallError where the endpoint does not take it
   */
  invokeDestination(arn: string, payload: string, parameters: JsonRecord, value: unknown): Promise<string> {
    const body = parseJson(payload) ?? payload;
    return orFailed(this.destinations.invoke(arn, body, parameters, record(decoded(value)), this.role));
  }

  private async call(service: string, request: Forwarded): Promise<HttpResponse> {
    const response = await this.context.call(service, request, this.role);
    if (response.status < 400) return response;
    const source = String(response.body ?? '');
    const body = record(parseJson(source));
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
