import { text } from '../../../kernel/json';
import type { LambdaFunction } from '../../../lambda/lambda-function';
import type { FunctionTarget } from '../../../lambda/functions';
import { type ExecutionSource, type ExecutionStep, LocalExecution, type LocalMachine } from '../../states/handle';
import type { DurableExecution } from './execution';
import type { DurableExecutions } from './executions';
import type { DurableEvent, ErrorObject } from './wire';

/**
 * A durable function, for tests to start and inspect.
 * @param latest the version that tests start
 */
export function durableMachine(
  fn: LambdaFunction,
  executions: DurableExecutions,
  latest: () => FunctionTarget,
): LocalMachine {
  const start: LocalMachine['start'] = (input = {}, { name } = {}) =>
    shownAs(executions.start(latest(), { input: JSON.stringify(input), name }));
  return {
    arn: fn.deployed.arn,
    get executions() {
      return executions.of(fn).map(shownAs);
    },
    start,
    run: (input, options) => start(input, options).succeeded(),
  };
}

function shownAs(execution: DurableExecution): LocalExecution {
  return new LocalExecution(new Source(execution));
}

class Source implements ExecutionSource {
  constructor(private readonly execution: DurableExecution) {}

  get start(): ExecutionSource['start'] {
    return this.execution.start;
  }

  get status(): ExecutionSource['status'] {
    return this.execution.status;
  }

  get output(): string | undefined {
    return this.status === 'SUCCEEDED' ? (this.execution.result ?? 'null') : undefined;
  }

  get error(): string | undefined {
    return this.execution.failure?.ErrorType;
  }

  get cause(): string | undefined {
    return this.execution.failure?.ErrorMessage;
  }

  get history(): ExecutionSource['history'] {
    return {
      events: this.execution.history.events.map((event) => ({
        ...event,
        id: event.EventId,
        previousEventId: event.EventId - 1,
        type: event.EventType,
        timestamp: event.EventTimestamp,
      })),
    };
  }

  get steps(): readonly ExecutionStep[] {
    return this.execution.history.events.map(stepOf);
  }

  get done(): Promise<void> {
    return this.execution.done;
  }

  async stop(error?: string, cause?: string): Promise<void> {
    this.execution.stop({
      ...(error !== undefined && { ErrorType: error }),
      ...(cause !== undefined && { ErrorMessage: cause }),
    });
  }
}

function stepOf(event: DurableEvent): ExecutionStep {
  const details = (event[`${event.EventType}Details`] ?? {}) as {
    readonly Error?: { readonly Payload?: ErrorObject };
    readonly FunctionName?: unknown;
  };
  const { ErrorType, ErrorMessage } = details.Error?.Payload ?? {};
  const failed = [ErrorType, ErrorMessage].filter((part) => part !== undefined).join(': ');
  const detail = failed || text(details.FunctionName);
  return {
    id: event.EventId,
    event: event.EventType,
    ...(event.Name !== undefined && { state: event.Name }),
    ...(detail && { detail }),
  };
}
