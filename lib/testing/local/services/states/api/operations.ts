import { AwsError } from '../../../kernel/aws-errors';
import type { Call } from '../../../kernel/call';
import { type JsonObject, text } from '../../../kernel/json';
import type { Execution } from '../engine/execution';
import type { TaskTokens } from '../engine/tokens';
import { type Executions, notRedrivable } from '../executions';
import type { Machine, Machines } from '../machines';
import type { MapRuns } from '../map-runs';
import { type ActivityParts, answerOnActivities, isOnActivities } from './activity-operations';
import { mapRunShape, updateMapRun } from './map-run-shape';
import { paged } from './paged';
import { answered, described, historyOf, listed, machineShape, seconds } from './shapes';
import { testState, type StateTester } from './test-state';
import { validated } from './validate';
import { parseArn } from '../../../../../core/arn';

/** Dependencies of the operations. */
export interface OperationsParts extends StateTester, ActivityParts {
  readonly machines: Machines;
  readonly executions: Executions;
  readonly mapRuns: MapRuns;
  readonly tokens: TaskTokens;
  /** The time, in milliseconds. */
  readonly now: () => number;
  /** Creation time of the machines, in milliseconds. */
  readonly since: number;
}

const EXPRESS_ARN = `Invalid Arn: 'Resource type not valid in this context: express'`;
const STATUSES = ['SUCCEEDED', 'TIMED_OUT', 'PENDING_REDRIVE', 'ABORTED', 'FAILED', 'RUNNING'];

/** Executes a Step Functions operation. */
export async function answer({ operation, input }: Call, parts: OperationsParts): Promise<unknown> {
  const { executions, machines, tokens, mapRuns } = parts;
  if (isOnActivities(operation)) return answerOnActivities(operation, input, parts);
  const given = (name: string) => text(input[name]);
  switch (operation) {
    case 'StartExecution': {
      const { start, started } = executions.start(machineOf(given('stateMachineArn'), machines), startOf(input));
      return { executionArn: start.arn, startDate: seconds(started) };
    }
    case 'StartSyncExecution': {
      const machine = machineOf(given('stateMachineArn'), machines);
      if (!machine.express) throw notSupported();
      const execution = executions.start(machine, startOf(input));
      await execution.done;
      return answered(execution);
    }
    case 'StopExecution': {
      const execution = executionOf(given('executionArn'), executions);
      await execution.stop(given('error'), given('cause'));
      return { stopDate: seconds(execution.stopped ?? execution.started) };
    }
    case 'DescribeExecution': {
      const execution = executionOf(given('executionArn'), executions);
      return described(execution, notRedrivable(execution, parts.now()), withData(input));
    }
    case 'RedriveExecution':
      return redriven(executionOf(given('executionArn'), executions), parts.now());
    case 'GetExecutionHistory': {
      const { history, start } = executionOf(given('executionArn'), executions);
      if (isExpress(start.arn)) throw new AwsError('InvalidArn', EXPRESS_ARN);
      const data = input.includeExecutionData !== false;
      return paged('events', historyOf(history.events, { reverse: input.reverseOrder === true, data }), input);
    }
    case 'ListExecutions':
      return executionsOf(input, parts);
    case 'DescribeStateMachine':
      return machineShape(machineOf(given('stateMachineArn'), machines), parts.since, withData(input));
    case 'DescribeStateMachineForExecution': {
      const { arn } = executionOf(given('executionArn'), executions).start;
      const {
        status: _status,
        type: _type,
        creationDate,
        ...shape
      } = machineShape(executions.machineOf(arn)!, parts.since, withData(input));
      return { ...shape, updateDate: creationDate };
    }
    case 'ListStateMachines': {
      const all = machines.all.map(({ arn, name, express }) => ({
        stateMachineArn: arn,
        name,
        type: express ? 'EXPRESS' : 'STANDARD',
        creationDate: seconds(parts.since),
      }));
      return paged('stateMachines', all, input);
    }
    case 'ListMapRuns': {
      const { start } = executionOf(given('executionArn'), executions);
      const own = [...mapRuns.records.values()].filter(({ execution }) => execution === start.arn);
      const shapes = own.map(({ arn, execution, machineArn, started, stopped }) => ({
        executionArn: execution,
        mapRunArn: arn,
        stateMachineArn: machineArn,
        startDate: seconds(started),
        ...(stopped !== undefined && { stopDate: seconds(stopped) }),
      }));
      return paged('mapRuns', shapes, input);
    }
    case 'DescribeMapRun':
      return mapRunShape(mapRuns.existing(given('mapRunArn')), parts.now());
    case 'UpdateMapRun':
      updateMapRun(mapRuns.existing(given('mapRunArn')), input);
      return {};
    case 'SendTaskSuccess':
      tokens.succeed(given('taskToken') ?? '', given('output') ?? '');
      return {};
    case 'SendTaskFailure':
      tokens.fail(given('taskToken') ?? '', given('error'), given('cause'));
      return {};
    case 'SendTaskHeartbeat':
      tokens.beat(given('taskToken') ?? '');
      return {};
    case 'ValidateStateMachineDefinition':
      return validated(given('definition') ?? '', given('type') === 'EXPRESS');
    default:
      return testState(input, parts);
  }
}

function withData({ includedData }: JsonObject): boolean {
  return includedData !== 'METADATA_ONLY';
}

function startOf(input: JsonObject): { readonly name?: string; readonly input?: string } {
  const [name, given] = [text(input.name), text(input.input)];
  return { name, ...(given !== undefined && { input: given }) };
}

function executionsOf(input: JsonObject, { machines, executions }: OperationsParts): unknown {
  const status = text(input.statusFilter);
  if (status !== undefined && !STATUSES.includes(status)) {
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value '${status}' at 'statusFilter' failed to satisfy constraint: Member must satisfy enum value set: [${STATUSES.join(', ')}]`,
    );
  }
  const mapRunArn = text(input.mapRunArn);
  const own = (): readonly Execution[] => {
    if (mapRunArn !== undefined) return executions.ofMapRun(mapRunArn);
    const machine = machineOf(text(input.stateMachineArn), machines);
    if (machine.express) throw notSupported();
    return executions.of(machine);
  };
  return paged(
    'executions',
    own()
      .filter((one) => status === undefined || one.status === status)
      .map(listed),
    input,
  );
}

function redriven(execution: Execution, now: number): unknown {
  const { arn, mapRunArn } = execution.start;
  const byMap = mapRunArn === undefined ? undefined : `Execution is run by the Map Run ${mapRunArn}, which redrives it`;
  const reason = notRedrivable(execution, now) ?? byMap;
  if (reason !== undefined) throw new AwsError('ExecutionNotRedrivable', `${reason}: '${arn}'`);
  execution.redrive();
  return { redriveDate: seconds(execution.redriven ?? execution.started) };
}

function machineOf(arn: string | undefined, machines: Machines): Machine {
  checkArn(arn);
  return machines.existing(arn ?? '');
}

function executionOf(arn: string | undefined, executions: Executions): Execution {
  checkArn(arn);
  const execution = executions.find(arn ?? '');
  // The only Express executions that can be described are those of a distributed map.
  if (isExpress(arn) && execution?.start.mapRunArn === undefined) throw new AwsError('InvalidArn', EXPRESS_ARN);
  if (execution) return execution;
  throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
}

function isExpress(arn: string | undefined): boolean {
  return parseArn(arn ?? '')?.resource.startsWith('express:') === true;
}

function checkArn(arn: string | undefined): void {
  if (!arn?.startsWith('arn:')) throw new AwsError('InvalidArn', `Invalid Arn: 'Invalid ARN prefix: ${arn}'`);
}

function notSupported(): AwsError {
  return new AwsError('StateMachineTypeNotSupported', 'This operation is not supported by this type of state machine');
}
