import {
  InvokeCommand,
  LambdaClient,
  SendDurableExecutionCallbackFailureCommand,
  SendDurableExecutionCallbackHeartbeatCommand,
  SendDurableExecutionCallbackSuccessCommand,
} from '@aws-sdk/client-lambda';
import {
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { DURABLE_NAME, EXECUTION_NAME } from './limits';

/** What runs sagas, as seen by their clients. */
export interface SagaEngine {
  /** Valid execution names, and the maximum length that leaves room for `-resume-1`. */
  readonly names: { readonly form: RegExp; readonly most: number };
  /**
   * Starts an execution.
   * @returns false if there is, or was, one of this name
   */
  start(name: string, input: string): Promise<boolean>;
  /** Completes a waiting step. */
  answer(token: string, result: string): Promise<unknown>;
  /** Fails a waiting step. */
  refuse(token: string, error: { readonly name: string; readonly message: string }): Promise<unknown>;
  /** Reports that a waiting step is still working. */
  beat(token: string): Promise<unknown>;
}

/** The engine for the ARN of a state machine, or of a durable function. */
export function engineOf(arn: string): SagaEngine {
  return /^arn:[^:]+:lambda:/.test(arn) ? new DurableFunction(arn) : new Machine(arn);
}

/** Whether an answer came after its step had stopped waiting. */
export function isLate(error: unknown): boolean {
  return error instanceof Error && LATE.includes(error.name);
}

const LATE = ['TaskTimedOut', 'TaskDoesNotExist', 'CallbackTimeoutException'];

/** Characters that `-resume-1` and its like add to a name. */
const RESUMED = 12;

class Machine implements SagaEngine {
  readonly names = { form: /^[\w.-]+$/, most: EXECUTION_NAME - RESUMED };

  constructor(private readonly stateMachineArn: string) {}

  async start(name: string, input: string): Promise<boolean> {
    const { stateMachineArn } = this;
    return unless('ExecutionAlreadyExists', sfn().send(new StartExecutionCommand({ stateMachineArn, name, input })));
  }

  answer(taskToken: string, output: string): Promise<unknown> {
    return sfn().send(new SendTaskSuccessCommand({ taskToken, output }));
  }

  refuse(taskToken: string, { name, message }: Error): Promise<unknown> {
    return sfn().send(new SendTaskFailureCommand({ taskToken, error: name, cause: message }));
  }

  beat(taskToken: string): Promise<unknown> {
    return sfn().send(new SendTaskHeartbeatCommand({ taskToken }));
  }
}

class DurableFunction implements SagaEngine {
  readonly names = { form: /^[\w-]+$/, most: DURABLE_NAME - RESUMED };

  /** @param arn including the alias: without one, Lambda starts nothing */
  constructor(private readonly arn: string) {}

  /** Never synchronously: such an execution ends after 15 minutes. */
  async start(name: string, input: string): Promise<boolean> {
    const command = new InvokeCommand({
      FunctionName: this.arn,
      InvocationType: 'Event',
      DurableExecutionName: name,
      Payload: Buffer.from(input),
    });
    return unless('DurableExecutionAlreadyStartedException', lambda().send(command), ({ message }) => {
      // The API model scopes names to the function; the documentation, to account and region.
      const other = /:function:([^:]+):/.exec(message)?.[1];
      if (other === undefined || this.arn.includes(`:function:${other}:`)) return;
      throw new Error(
        `The name '${name}' is taken by an execution of the function '${other}'; start it under another key`,
      );
    });
  }

  answer(CallbackId: string, result: string): Promise<unknown> {
    return lambda().send(new SendDurableExecutionCallbackSuccessCommand({ CallbackId, Result: Buffer.from(result) }));
  }

  refuse(CallbackId: string, { name, message }: Error): Promise<unknown> {
    const error = { ErrorType: name, ErrorMessage: message };
    return lambda().send(new SendDurableExecutionCallbackFailureCommand({ CallbackId, Error: error }));
  }

  beat(CallbackId: string): Promise<unknown> {
    return lambda().send(new SendDurableExecutionCallbackHeartbeatCommand({ CallbackId }));
  }
}

/** True, unless the service reports by an error of this name that there already is one. */
async function unless(name: string, sent: Promise<unknown>, look?: (error: Error) => void): Promise<boolean> {
  try {
    await sent;
    return true;
  } catch (error) {
    if (!(error instanceof Error) || error.name !== name) throw error;
    look?.(error);
    return false;
  }
}

const clients: { sfn?: SFNClient; lambda?: LambdaClient } = {};

function sfn(): SFNClient {
  return (clients.sfn ??= new SFNClient({}));
}

function lambda(): LambdaClient {
  return (clients.lambda ??= new LambdaClient({}));
}
