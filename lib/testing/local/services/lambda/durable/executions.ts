import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { lambda } from '../../../../../core/facts';
import { AwsError } from '../../../kernel/aws-errors';
import { messageOf } from '../../../kernel/errors';
import { number, recordOf, text } from '../../../kernel/json';
import type { LocalContext } from '../../../kernel/service';
import { roleKeyRefusal } from '../../../kernel/role-keys';
import { serviceKeyFault } from '../../../kernel/service-keys';
import { ServiceTime } from '../../../kernel/service-time';
import { ThrottledError } from '../../../lambda/function-errors';
import type { LambdaFunction } from '../../../lambda/lambda-function';
import type { FunctionTarget } from '../../../lambda/functions';
import { errorObjectIn } from './answer';
import { DurableExecution, type DurableEngine } from './execution';
import type { CallEnd } from './operations';
import { DurableStatusEvents } from './status-events';
import type { Operation } from './wire';

/** How to start an execution. */
export interface DurableRequest {
  /** JSON. */
  readonly input: string;
  /** The name; by default a generated id. */
  readonly name?: string | undefined;
  /** Whether the caller waits for the result. */
  readonly waits?: boolean;
}

/** Whether a function is durable. */
export function isDurable({ deployed }: LambdaFunction): boolean {
  return deployed.properties.DurableConfig !== undefined;
}

/** The unsupported settings of a durable function. */
export function notRunOf(fn: LambdaFunction, context: LocalContext): readonly string[] {
  const { deployment, functions } = context;
  const { DeadLetterConfig } = fn.deployed.properties;
  const configs = deployment.ofType('AWS::Lambda::EventInvokeConfig').filter(({ properties }) => {
    const named = text(properties.FunctionName);
    return properties.DestinationConfig !== undefined && named && functions.target(named)?.function === fn;
  });
  const refused = roleKeyRefusal(context, fn.deployed, fn.caller);
  return [
    ...(refused === undefined ? [] : [`its durable executions fail: ${refused}`]),
    ...(DeadLetterConfig === undefined ? [] : ['its dead-letter queue gets nothing of its durable executions']),
    ...configs.map(() => 'its destinations get nothing of its durable executions'),
  ];
}

/** All durable executions of a run. */
export class DurableExecutions {
  private readonly all: { readonly fn: LambdaFunction; readonly execution: DurableExecution }[] = [];
  private readonly time: ServiceTime;
  private readonly statusEvents: DurableStatusEvents;
  private readonly stopped = new AbortController();

  /** @param context what they work with */
  constructor(private readonly context: LocalContext) {
    this.time = new ServiceTime(context.clock);
    setMaxListeners(0, this.stopped.signal);
    this.statusEvents = new DurableStatusEvents(context);
  }

  /** Executions of a function, newest first. */
  of(fn: LambdaFunction): readonly DurableExecution[] {
    const own = this.all.filter((one) => one.fn === fn);
    return own.map(({ execution }) => execution).reverse();
  }

  /** What is pending, in words. */
  get left(): readonly string[] {
    const running = this.all.filter(({ execution }) => execution.status === 'RUNNING' && !execution.asks).length;
    return [
      ...(running > 0 ? [`${running} durable executions`] : []),
      ...(this.statusEvents.left > 0 ? [`${this.statusEvents.left} events of durable executions`] : []),
    ];
  }

  /**
   * The execution with an ARN.
   * @throws AwsError when there is none
   */
  find(arn: string): DurableExecution {
    const found = this.all.find(({ execution }) => execution.start.arn === arn);
    if (!found) throw new AwsError('ResourceNotFoundException', 'Durable Execution does not exist', 404);
    return found.execution;
  }

  /** The function of the execution with an ARN or a callback. */
  functionOf(arn: string | undefined, callbackId: string | undefined): LambdaFunction | undefined {
    const wanted = arn ?? (callbackId === undefined ? undefined : partsOf(callbackId)[0]);
    return this.all.find(({ execution }) => execution.start.arn === wanted)?.fn;
  }

  /** The callback with an id, and its execution; undefined if nothing waits for it any more. */
  callback(id: string): { readonly execution: DurableExecution; readonly operation: Operation } | undefined {
    const [arn = '', operation = ''] = partsOf(id);
    const execution = this.all.find((one) => one.execution.start.arn === arn)?.execution;
    const found = execution?.operations.find(operation);
    return execution && found?.callbackId === id ? { execution, operation: found } : undefined;
  }

  /**
   * Starts an execution, or returns the existing one with the same name, version and input.
   * @throws AwsError when Lambda refuses it
   */
  start(target: FunctionTarget, { input, name = randomUUID(), waits = false }: DurableRequest): DurableExecution {
    const { function: fn, version, qualifier } = target;
    if (qualifier === undefined) throw invalid('You cannot invoke a durable function using an unqualified ARN.');
    if (!lambda.durableName.value.test(name)) throw invalid(`Invalid durable execution name: '${name}'`);
    const { ExecutionTimeout } = recordOf(fn.deployed.properties.DurableConfig);
    const timeout = number(ExecutionTimeout) ?? lambda.durableExecutionTimeout.value.max;
    if (waits && timeout > lambda.durableSynchronous.value)
      throw invalid(
        'You cannot synchronously invoke a durable function with an executionTimeout greater than 15 minutes.',
      );
    const refused = serviceKeyFault(this.context, fn.deployed);
    if (refused?.includes('does not allow')) throw new AwsError('KMSAccessDeniedException', refused, 502);
    const known = this.all.find((one) => one.fn === fn && one.execution.start.name === name)?.execution;
    // Names are per function, across versions, and are kept for longer than a run lasts.
    if (known?.start.version === version && known.start.input === input) return known;
    if (known) {
      const message = `Execution already started: ${known.start.arn}`;
      throw new AwsError('DurableExecutionAlreadyStartedException', message, 409, { Type: 'User' });
    }
    const functionArn = `${fn.deployed.arn}:${version}`;
    const arn = `${functionArn}/durable-execution/${name}/${randomUUID()}`;
    const execution = new DurableExecution({ arn, name, functionArn, version, input, timeout }, this.engine(target));
    this.all.push({ fn, execution });
    execution.begin();
    return execution;
  }

  /** Ends everything. */
  async stop(): Promise<void> {
    this.stopped.abort();
    for (const { execution } of this.all) execution.stop();
    await this.statusEvents.stop();
  }

  private engine({ function: fn, version }: FunctionTarget): DurableEngine {
    const { context } = this;
    return {
      time: this.time,
      clock: context.clock,
      keyRefusal: () => roleKeyRefusal(context, fn.deployed, fn.caller),
      replays: context.disorder.isOn,
      invoke: (event, requestId) =>
        fn.invoke(event, { version, invokedArn: `${fn.deployed.arn}:${version}`, requestId }),
      call: (functionName, payload) => this.call(fn, functionName, payload),
      changed: (execution) => this.statusEvents.send(fn, execution),
      interrupt: (requestId) => context.logs.mute(requestId),
      interrupted: () => fn.forgive(),
    };
  }

  /** Invokes another function for a durable function, with its role. */
  private async call(fn: LambdaFunction, functionName: string, payload: string): Promise<CallEnd> {
    const { context } = this;
    const target = context.functions.target(functionName);
    try {
      if (!target) throw new AwsError('ResourceNotFoundException', `Function not found: ${functionName}`, 404);
      context.judgeDelivery(fn.caller, { action: 'lambda:InvokeFunction', resource: target.arn });
      if (isDurable(target.function)) {
        const child = this.start(target, { input: payload });
        await child.done;
        return child.status === 'SUCCEEDED' ? { result: child.result ?? 'null' } : { error: child.failure ?? {} };
      }
      const { error, payload: answer } = await this.patiently(() => context.functions.invoke(target, payload));
      if (error) return { error: errorObjectIn(answer.toString()) };
      const most = lambda.durableInvokePayload.value;
      if (answer.length > most) {
        const message = `CHAINED_INVOKE output payload size must be less than or equal to ${most} bytes.`;
        return { error: { ErrorMessage: message } };
      }
      return { result: answer.toString() };
    } catch (error) {
      return { error: { ErrorType: error instanceof AwsError ? error.code : 'Error', ErrorMessage: messageOf(error) } };
    }
  }

  /** A throttled function is invoked again. */
  private async patiently<T>(call: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await call();
      } catch (error) {
        if (!(error instanceof ThrottledError) || this.stopped.signal.aborted) throw error;
        await this.time.wait(1, this.stopped.signal);
      }
    }
  }
}

function partsOf(id: string): readonly string[] {
  try {
    const parts = JSON.parse(Buffer.from(id, 'base64').toString()) as unknown;
    return Array.isArray(parts) ? parts.map(String) : [];
  } catch {
    return [];
  }
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message, 400, { Type: 'User' });
}
