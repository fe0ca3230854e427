import type { Execution } from '../engine/execution';
import type { HistoryEvent } from '../engine/history';
import { type JsonObject, text } from '../../../kernel/json';
import type { Machine } from '../machines';

/** Times are seconds on the wire. */
export function seconds(milliseconds: number): number {
  return milliseconds / 1000;
}

/** An execution in a list. */
export function listed({ start, status, started, stopped, redrives, redriven }: Execution): JsonObject {
  return {
    executionArn: start.arn,
    name: start.name,
    ...(start.mapRunArn !== undefined && { mapRunArn: start.mapRunArn }),
    redriveCount: redrives,
    ...(redriven !== undefined && { redriveDate: seconds(redriven) }),
    startDate: seconds(started),
    stateMachineArn: start.machineArn,
    status,
    ...(stopped !== undefined && { stopDate: seconds(stopped) }),
  };
}

/** An execution as returned by `DescribeExecution`. */
export function described(execution: Execution, notRedrivable: string | undefined, data = true): JsonObject {
  const byMap = execution.start.mapRunArn !== undefined;
  const redrivable = byMap ? 'REDRIVABLE_BY_MAP_RUN' : 'REDRIVABLE';
  return {
    ...listed(execution),
    ...(data && outcomeOf(execution)),
    redriveStatus: notRedrivable === undefined ? redrivable : 'NOT_REDRIVABLE',
    ...(notRedrivable !== undefined && { redriveStatusReason: notRedrivable }),
  };
}

/** The result of a synchronous Express execution. */
export function answered(execution: Execution): JsonObject {
  const { start, status, started, stopped = started } = execution;
  return {
    billingDetails: {
      billedDurationInMilliseconds: Math.max(100, Math.ceil((stopped - started) / 100) * 100),
      billedMemoryUsedInMB: 64,
    },
    executionArn: start.arn,
    name: start.name,
    startDate: seconds(started),
    stateMachineArn: start.machineArn,
    status,
    stopDate: seconds(stopped),
    ...outcomeOf(execution),
  };
}

function outcomeOf({ start, output, error, cause }: Execution): JsonObject {
  return {
    input: start.input,
    inputDetails: { included: true },
    ...(output !== undefined && { output, outputDetails: { included: true } }),
    error,
    cause,
  };
}

/** The requested events. */
export function historyOf(
  events: readonly HistoryEvent[],
  { reverse, data }: { readonly reverse: boolean; readonly data: boolean },
): readonly JsonObject[] {
  const ordered = reverse ? [...events].reverse() : events;
  return data ? ordered : ordered.map(withoutData);
}

function withoutData(event: HistoryEvent): JsonObject {
  return Object.fromEntries(
    Object.entries(event).map(([name, value]) => {
      if (typeof value !== 'object' || value === null) return [name, value];
      const { input: _input, output: _output, parameters: _parameters, ...kept } = value as JsonObject;
      return [name, kept];
    }),
  );
}

/** A machine as returned by `DescribeStateMachine`. */
export function machineShape(machine: Machine, since: number, data = true): JsonObject {
  const { properties } = machine.deployed;
  const logging = (properties.LoggingConfiguration ?? {}) as JsonObject;
  const tracing = (properties.TracingConfiguration ?? {}) as JsonObject;
  return {
    stateMachineArn: machine.arn,
    name: machine.name,
    status: 'ACTIVE',
    definition: data ? machine.definition : '{}',
    roleArn: machine.roleArn,
    type: machine.express ? 'EXPRESS' : 'STANDARD',
    creationDate: seconds(since),
    loggingConfiguration: {
      level: text(logging.Level) ?? 'OFF',
      includeExecutionData: logging.IncludeExecutionData === true,
    },
    tracingConfiguration: { enabled: tracing.Enabled === true },
  };
}
