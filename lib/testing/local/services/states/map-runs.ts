import { randomUUID } from 'node:crypto';
import type { Flow } from '../../../../core/asl/definition';
import { record, text } from '../../kernel/json';
import type { ChildResult, MapRun, MapRunner, Tolerance } from './engine/distributed-map';
import { type Execution, type ExecutionStatus, NOT_RUN_HERE } from './engine/execution';
import { NotRunHere, StateFailure } from './engine/failure';
import type { Visit } from './engine/visit';
import type { Executions } from './executions';
import type { Machine } from './machines';

/** What is known of a run of a distributed map, for the API. */
export interface MapRunRecord {
  readonly arn: string;
  /** The execution that runs the map. */
  readonly execution: string;
  /** The machine's ARN with the name of the map. */
  readonly machineArn: string;
  /** What it was begun with. */
  readonly settings: Tolerance & { readonly concurrency: number };
  /** When it began, in milliseconds. */
  readonly started: number;
  /** When it ended, in milliseconds. */
  stopped?: number;
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED';
}

/** The runs of distributed maps; their items are executions of their own. */
export class MapRuns {
  /** By ARN. */
  readonly records = new Map<string, MapRunRecord>();

  /**
   * @param executions all executions
   * @param now the time, in milliseconds
   */
  constructor(
    private readonly executions: () => Executions,
    private readonly now: () => number,
  ) {}

  /** Runs the maps of a machine. */
  runner(machine: Machine): MapRunner {
    return { begin: (visit, flow, settings) => this.begin(machine, visit, flow, settings) };
  }

  private begin(machine: Machine, visit: Visit, flow: Flow, settings: MapRunRecord['settings']): MapRun {
    const label = text(visit.state.body.Label) ?? randomUUID();
    const id = randomUUID();
    const arn = `${machine.arn.replace(':stateMachine:', ':mapRun:')}/${label}:${id}`;
    const machineArn = `${machine.arn}/${label}`;
    const found: MapRunRecord = {
      arn,
      execution: text(record(visit.run.context.Execution).Id) ?? '',
      machineArn,
      settings,
      started: this.now(),
      status: 'RUNNING',
    };
    this.records.set(arn, found);
    const express = record(flow.body.ProcessorConfig).ExecutionType === 'EXPRESS';
    return {
      arn,
      id,
      child: (input, signal) => this.child({ ...machine, express }, { arn, machineArn, label, flow }, input, signal),
      end: (status) => {
        found.status = status;
        found.stopped = this.now();
      },
    };
  }

  private async child(
    machine: Machine,
    own: { readonly arn: string; readonly machineArn: string; readonly label: string; readonly flow: Flow },
    input: unknown,
    signal: AbortSignal,
  ): Promise<ChildResult> {
    const name = randomUUID();
    const kind = machine.express ? 'express' : 'execution';
    const arn = `${own.machineArn.replace(':stateMachine:', `:${kind}:`)}:${name}${machine.express ? `:${randomUUID()}` : ''}`;
    const execution = this.executions().run(machine, {
      arn,
      name,
      input: JSON.stringify(input),
      flow: own.flow,
      machineArn: own.machineArn,
      machineName: `${machine.name}/${own.label}`,
      mapRunArn: own.arn,
    });
    const stop = () => execution.abort();
    signal.addEventListener('abort', stop, { once: true });
    await execution.done;
    signal.removeEventListener('abort', stop);
    if (execution.error === NOT_RUN_HERE) throw new NotRunHere(execution.cause ?? '');
    return resultOf(execution);
  }
}

function resultOf({ start, status, started, stopped = started, output, error, cause }: Execution): ChildResult {
  const iso = (time: number) => new Date(time).toISOString();
  const succeeded: ExecutionStatus = 'SUCCEEDED';
  return {
    input: start.input,
    described: {
      ExecutionArn: start.arn,
      Name: start.name,
      StartDate: iso(started),
      StateMachineArn: start.machineArn,
      Status: status,
      StopDate: iso(stopped),
    },
    ...(status === succeeded
      ? { output: JSON.parse(output ?? 'null') as unknown }
      : { failure: new StateFailure(error, cause) }),
  };
}
