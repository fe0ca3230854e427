import { parseJson } from '../../../kernel/json';
import type { Caller } from '../../../kernel/caller';
import type { LocalContext } from '../../../kernel/service';
import { StateFailure } from '../engine/failure';
import type { Execution } from '../engine/execution';
import type { Executions } from '../executions';

/** Executions that tasks of other executions have started and wait for: `startExecution.sync`. */
export class NestedExecutions {
  /** @param executions all of the run */
  constructor(
    private readonly context: LocalContext,
    private readonly executions: () => Executions,
  ) {}

  /**
   * Waits for an execution to end; stops it when the wait is aborted.
   * @param parsed whether input and output are JSON, as with `.sync:2`, instead of text
   * @throws StateFailure unless it succeeds
   */
  async finished(arn: string, caller: Caller, parsed: boolean, signal: AbortSignal): Promise<unknown> {
    const execution = this.executions().find(arn);
    const denied = this.context.access.refusal(
      caller,
      [{ action: 'states:DescribeExecution', resource: arn }],
      'platform',
    );
    if (denied || !execution)
      throw new StateFailure('States.TaskFailed', denied?.message ?? `Execution ${arn} is not there`);
    const stop = () => execution.abort();
    signal.addEventListener('abort', stop, { once: true });
    await execution.done;
    signal.removeEventListener('abort', stop);
    const described = describedOf(execution, parsed);
    if (execution.status === 'SUCCEEDED') return described;
    throw new StateFailure('States.TaskFailed', JSON.stringify(described));
  }
}

function describedOf(execution: Execution, parsed: boolean): Readonly<Record<string, unknown>> {
  const { start, cause, error, output, status, started, stopped } = execution;
  const shown = (json: string) => (parsed && status === 'SUCCEEDED' ? parseJson(json) : json);
  const included = { Included: true };
  return {
    ...(cause !== undefined && { Cause: cause }),
    ...(error !== undefined && { Error: error }),
    ExecutionArn: start.arn,
    Input: shown(start.input),
    InputDetails: included,
    Name: start.name,
    ...(output !== undefined && { Output: shown(output), OutputDetails: included }),
    StartDate: started,
    StateMachineArn: start.machineArn,
    Status: status,
    StopDate: stopped,
  };
}
