import { lambda as facts } from '../../../../core/facts';
import type { Need } from '../../kernel/judge';
import { AwsError, jsonResponse } from '../../kernel/aws-errors';
import { type Call, header, type HttpRequest, type HttpResponse } from '../../kernel/call';
import { CANNOT_RUN, FunctionError, ThrottledError } from '../../lambda/function-errors';
import type { FunctionTarget } from '../../lambda/functions';
import type { Outcome } from '../../lambda/lambda-function';
import { parseJson } from '../../kernel/json';
import type { Delivery, LocalContext, LocalService } from '../../kernel/service';
import { AsyncInvocations } from './asynchronous';
import { answer, durableKeys, durableNeeds } from './durable/api';
import type { DurableExecution } from './durable/execution';
import { DurableExecutions, isDurable } from './durable/executions';
import { durableMachine } from './durable/handle';
import { eventStream } from './event-stream';
import { OPERATIONS } from './operations';
import { reportUnsupported } from './unsupported';
import { parseArn } from '../../../../core/arn';

/** AWS Lambda: the functions of the templates, and `Invoke` for functions that call functions. */
export function lambda(context: LocalContext): LocalService {
  const { functions } = context;
  const asynchronous = new AsyncInvocations(context);
  const durable = new DurableExecutions(context);
  functions.durable = async (target, event) =>
    outcomeOf(await ended(durable.start(target, { input: event, waits: true })));

  async function start(): Promise<void> {
    const runnable = functions.all.filter((fn) => functions.whyNotRunnable(fn) === undefined);
    for (const sentence of functions.prepare(runnable)) context.runsOn(sentence);
  }

  function needs(call: Call): readonly Need[] | undefined {
    const { operation, request } = call;
    if (!['Invoke', 'InvokeWithResponseStream'].includes(operation)) {
      return durableNeeds(call, durable, (reference, qualifier) =>
        arnOf(reference, functions.target(reference, qualifier)),
      );
    }
    const { reference, qualifier } = invokedBy(request);
    return [{ action: 'lambda:InvokeFunction', resource: arnOf(reference, functions.target(reference, qualifier)) }];
  }

  function arnOf(reference: string, target: FunctionTarget | undefined): string {
    return target?.arn ?? (reference.startsWith('arn:') ? reference : context.arn('lambda', `function:${reference}`));
  }

  function targetOf(reference: string, qualifier: string | undefined): FunctionTarget {
    const target = functions.target(reference, qualifier);
    if (target) return target;
    const arn = arnOf(reference, undefined);
    throw new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, 404, { Type: 'User' });
  }

  async function handle(call: Call): Promise<HttpResponse> {
    const { operation, request } = call;
    if (!['Invoke', 'InvokeWithResponseStream'].includes(operation))
      return jsonResponse(answer(call, durable, targetOf));
    const { reference, qualifier } = invokedBy(request);
    const target = targetOf(reference, qualifier);
    const event = request.body.toString() || '{}';
    const type = header(request, 'x-amz-invocation-type') ?? 'RequestResponse';
    checkPayload(event, (type === 'Event' ? facts.asynchronousPayload : facts.synchronousPayload).value);
    if (type === 'DryRun') return { status: 204 };
    const name = header(request, DURABLE_NAME);
    if (isDurable(target.function)) return invokeDurable(target, event, { name, waits: type !== 'Event' });
    if (name !== undefined) {
      const message = `Function ${target.function.name} is not a durable function`;
      throw new AwsError('InvalidParameterValueException', message, 400, { Type: 'User' });
    }
    if (type === 'Event') {
      asynchronous.begin(target, event);
      return { status: 202 };
    }
    return operation === 'Invoke' ? invokeNow(target, event, request) : invokeStreaming(target, event, request);
  }

  async function invokeDurable(
    target: FunctionTarget,
    input: string,
    given: { readonly name: string | undefined; readonly waits: boolean },
  ): Promise<HttpResponse> {
    const execution = durable.start(target, { input, ...given });
    const headers = { 'x-amz-durable-execution-arn': execution.start.arn, 'x-amz-executed-version': target.version };
    if (!given.waits) return { status: 202, headers };
    const { payload, error } = outcomeOf(await ended(execution));
    const type = { 'content-type': 'application/json', ...(error && { 'x-amz-function-error': 'Unhandled' }) };
    return { status: 200, headers: { ...headers, ...type }, body: payload };
  }

  async function invokeNow(target: FunctionTarget, event: string, request: HttpRequest): Promise<HttpResponse> {
    const outcome = orNotRun(await throttled(() => functions.invoke(target, event, optionsOf(request))));
    const tail = header(request, 'x-amz-log-type') === 'Tail';
    return {
      status: 200,
      headers: {
        'content-type': 'application/json',
        'x-amzn-requestid': outcome.requestId,
        'x-amz-executed-version': outcome.version,
        ...(outcome.error && { 'x-amz-function-error': 'Unhandled' }),
        ...(tail && { 'x-amz-log-result': logTail(target, outcome.requestId) }),
      },
      body: outcome.payload,
    };
  }

  async function invokeStreaming(target: FunctionTarget, event: string, request: HttpRequest): Promise<HttpResponse> {
    const outcome = orNotRun(
      await throttled(() => functions.invokeStreaming(target, event, { ...optionsOf(request), raw: true })),
    );
    const tail = header(request, 'x-amz-log-type') === 'Tail';
    return {
      status: 200,
      headers: {
        'content-type': 'application/vnd.amazon.eventstream',
        'x-amzn-requestid': outcome.requestId,
        'x-amz-executed-version': outcome.version,
      },
      stream: eventStream(outcome, () => (tail ? logTail(target, outcome.requestId) : undefined)),
    };
  }

  /** The last 4 KB of an invocation's log. */
  function logTail({ function: fn }: FunctionTarget, requestId: string): string {
    const lines = context.logs.of(fn.deployed.displayName).filter((entry) => entry.requestId === requestId);
    return Buffer.from(lines.map(({ message }) => `${message}\n`).join(''))
      .subarray(-4096)
      .toString('base64');
  }

  /** An event from another service, as an asynchronous invocation. */
  async function receive({ target: arn, payload, sender, disorder }: Delivery): Promise<void> {
    const target = functions.target(arn);
    if (!target) throw new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, 404);
    context.judgeDelivery(sender, { action: 'lambda:InvokeFunction', resource: target.arn });
    if (isDurable(target.function)) durable.start(target, { input: JSON.stringify(payload) });
    else asynchronous.begin(target, JSON.stringify(payload), disorder);
  }

  async function stop(): Promise<void> {
    await durable.stop();
    await functions.stop();
    await asynchronous.stop();
  }

  return {
    resourceTypes: [
      'AWS::Lambda::Function',
      'AWS::Lambda::Version',
      'AWS::Lambda::Alias',
      'AWS::Lambda::Permission',
      'AWS::Lambda::LayerVersion',
      'AWS::Lambda::EventInvokeConfig',
    ],
    api: {
      signingNames: ['lambda'],
      protocol: 'rest-json',
      denial: { code: 'AccessDeniedException', status: 403, key: { code: 'KMSAccessDeniedException', status: 502 } },
      keys: (call) => durableKeys(call, durable),
      operation: (request) => OPERATIONS.read(request)?.operation,
      needs,
      handle,
    },
    writers: ['AWS::Lambda::Function'],
    start,
    // By now every value that a variable may hold is known.
    begin: async () => reportUnsupported(context),
    receives: (arn) => parseArn(arn)?.service === 'lambda' && functions.target(arn) !== undefined,
    receive,
    handles: {
      machine: {
        types: ['AWS::Lambda::Function'],
        is: ({ properties }) => properties.DurableConfig !== undefined,
        of: (deployed) => {
          const { function: fn } = functions.find(deployed.resource.id);
          return durableMachine(fn, durable, () => functions.published(fn));
        },
      },
    },
    pending: async () => [
      ...(asynchronous.left > 0 ? [`${asynchronous.left} asynchronous invocations`] : []),
      ...durable.left,
    ],
    stop,
  };
}

/** The header that names a durable execution. */
const DURABLE_NAME = 'x-amz-durable-execution-name';

async function ended(execution: DurableExecution): Promise<DurableExecution> {
  await execution.done;
  return execution;
}

/** The result of a durable execution, for a synchronous caller. */
function outcomeOf({ start, result, failure, status }: DurableExecution): Outcome {
  const outcome = { requestId: start.name, version: start.version };
  if (status === 'SUCCEEDED') return { ...outcome, payload: Buffer.from(result ?? 'null') };
  const { ErrorType = status, ErrorMessage = '' } = failure ?? {};
  const error = new FunctionError(start.functionArn, { errorType: ErrorType, errorMessage: ErrorMessage });
  return { ...outcome, payload: Buffer.from(JSON.stringify(error.payload)), error };
}

function invokedBy(request: HttpRequest): { readonly reference: string; readonly qualifier?: string } {
  const reference = OPERATIONS.read(request)?.labels.FunctionName ?? '';
  const qualifier = new URLSearchParams(request.query).get('Qualifier');
  return { reference, ...(qualifier !== null && { qualifier }) };
}

function optionsOf(request: HttpRequest): { readonly clientContext?: string } {
  const clientContext = header(request, 'x-amz-client-context');
  return clientContext ? { clientContext: Buffer.from(clientContext, 'base64').toString() } : {};
}

function checkPayload(event: string, limit: number): void {
  const size = Buffer.byteLength(event);
  if (size > limit) {
    throw new AwsError(
      'RequestTooLargeException',
      `Request must be smaller than ${limit} bytes for the InvokeFunction operation`,
      413,
    );
  }
  if (parseJson(event) === undefined) {
    const message = 'Could not parse request body into json: Could not parse payload into json';
    throw new AwsError('InvalidRequestContentException', message, 400, { Type: 'User' });
  }
}

/** A limit of this run is not a failure of the function. */
function orNotRun<T extends { readonly error?: FunctionError }>(outcome: T): T {
  if (outcome.error?.errorType !== CANNOT_RUN) return outcome;
  throw new AwsError('LocalRunUnsupported', outcome.error.message, 501);
}

/** Lambda's own error for a throttled function. */
async function throttled<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof ThrottledError)) throw error;
    const fields = { Reason: error.reason, Type: 'User' };
    throw new AwsError('TooManyRequestsException', error.message, 429, fields);
  }
}
