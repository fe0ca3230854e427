import { randomUUID } from 'node:crypto';
import type { Flow } from '../../../../core/asl/definition';
import { AwsError } from '../../kernel/aws-errors';
import { recordOf, text } from '../../kernel/json';
import type { Need } from '../../kernel/judge';
import type { ChildResult, MapRun, MapRunner, MapSettings } from './engine/distributed-map';
import { type Execution, NOT_RUN_HERE } from './engine/execution';
import { NotRunHere, StateFailure } from './engine/failure';
import type { Visit } from './engine/visit';
import { type Executions, notRedrivable } from './executions';
import type { Machine } from './machines';

/** A map run, for the API. */
export interface MapRunRecord {
  readonly arn: string;
  /** The execution that runs the map. */
  readonly execution: string;
  /** The machine's ARN with the name of the map. */
  readonly machineArn: string;
  /** When it began, in milliseconds. */
  readonly started: number;
  /** Its child executions, by index. */
  readonly children: MapChild[];
  settings: MapSettings;
  /** When it ended, in milliseconds. */
  stopped?: number;
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED';
  redrives: number;
  /** When it was last redriven, in milliseconds. */
  redriven?: number;
}

/** A child of a map run. */
export interface MapChild {
  /** How many items it has. */
  readonly items: number;
  /** Undefined until it starts. */
  execution?: Execution;
}

/** Dependencies of map runs. */
export interface MapRunsParts {
  readonly executions: () => Executions;
  /** The time, in milliseconds. */
  readonly now: () => number;
  /** Why a machine's role lacks permissions; undefined if it has them. */
  readonly refusal: (machine: Machine, needs: readonly Need[]) => string | undefined;
}

/** The map runs of distributed maps, whose items are child executions. */
export class MapRuns {
  /** By ARN. */
  readonly records = new Map<string, MapRunRecord>();

  /** @param parts their dependencies */
  constructor(private readonly parts: MapRunsParts) {}

  /** Runs the maps of a machine. */
  runner(machine: Machine): MapRunner {
    return { begin: (visit, flow, settings) => this.begin(machine, visit, flow, settings) };
  }

  /**
   * The run that an ARN names.
   * @throws AwsError when there is none
   */
  existing(arn: string | undefined): MapRunRecord {
    const found = this.records.get(arn ?? '');
    if (!found) throw new AwsError('ResourceNotFound', `Resource not found: '${arn}'`);
    return found;
  }

  private begin(machine: Machine, visit: Visit, flow: Flow, settings: MapSettings): MapRun {
    const children = machine.arn.replace(':stateMachine:', ':execution:');
    this.check(machine, [
      { action: 'states:StartExecution', resource: machine.arn },
      { action: 'states:DescribeExecution', resource: `${children}:*` },
      { action: 'states:StopExecution', resource: `${children}:*` },
    ]);
    const label = text(visit.state.body.Label) ?? randomUUID();
    const id = randomUUID();
    const found: MapRunRecord = {
      arn: `${machine.arn.replace(':stateMachine:', ':mapRun:')}/${label}:${id}`,
      execution: text(recordOf(visit.run.context.Execution).Id) ?? '',
      machineArn: `${machine.arn}/${label}`,
      started: this.parts.now(),
      children: [],
      settings,
      status: 'RUNNING',
      redrives: 0,
    };
    this.records.set(found.arn, found);
    const express = recordOf(flow.body.ProcessorConfig).ExecutionType === 'EXPRESS';
    return {
      arn: found.arn,
      id,
      get settings() {
        return found.settings;
      },
      expect: (items) => {
        found.children.push(...items.map((count) => ({ items: count })));
      },
      child: (index, input, signal) =>
        this.child({ ...machine, express }, { found, label, flow, index }, input, signal),
      redrive: () => {
        this.check(machine, [{ action: 'states:RedriveExecution', resource: `${children}/${label}:*` }]);
        delete found.stopped;
        [found.status, found.redriven] = ['RUNNING', this.parts.now()];
        return ++found.redrives;
      },
      end: (status) => {
        [found.status, found.stopped] = [status, this.parts.now()];
      },
    };
  }

  private async child(machine: Machine, own: Own, input: unknown, signal: AbortSignal): Promise<ChildResult> {
    const child = own.found.children[own.index]!;
    const before = child.execution;
    // A stopped execution may not have ended yet.
    await before?.done;
    const reason = before && notRedrivable(before, this.parts.now());
    if (before && reason !== undefined) return resultOf(before, reason);
    if (before && !machine.express) before.redrive();
    const execution = (child.execution = before && !machine.express ? before : this.start(machine, own, input));
    const stop = () => execution.abort();
    signal.addEventListener('abort', stop, { once: true });
    await execution.done;
    signal.removeEventListener('abort', stop);
    if (execution.error === NOT_RUN_HERE) throw new NotRunHere(execution.cause ?? '');
    return resultOf(execution, notRedrivable(execution, this.parts.now()));
  }

  private start(machine: Machine, { found, label, flow }: Own, input: unknown): Execution {
    const name = randomUUID();
    const kind = machine.express ? 'express' : 'execution';
    const arn = `${found.machineArn.replace(':stateMachine:', `:${kind}:`)}:${name}`;
    return this.parts.executions().run(machine, {
      arn: machine.express ? `${arn}:${randomUUID()}` : arn,
      name,
      input: JSON.stringify(input),
      flow,
      machineArn: found.machineArn,
      machineName: `${machine.name}/${label}`,
      mapRunArn: found.arn,
    });
  }

  /** @throws StateFailure when the machine's role lacks permission */
  private check(machine: Machine, needs: readonly Need[]): void {
    const refusal = this.parts.refusal(machine, needs);
    if (refusal !== undefined) throw new StateFailure('States.Permissions', refusal);
  }
}

/** The identity of a child execution. */
interface Own {
  readonly found: MapRunRecord;
  /** The name of the map. */
  readonly label: string;
  readonly flow: Flow;
  /** Its place. */
  readonly index: number;
}

function resultOf(execution: Execution, notRedriven: string | undefined): ChildResult {
  const { start, status, started, stopped = started, output, error, cause, redrives } = execution;
  const iso = (time: number) => new Date(time).toISOString();
  return {
    input: start.input,
    stopped,
    described: {
      ExecutionArn: start.arn,
      Name: start.name,
      RedriveCount: redrives,
      RedriveStatus: notRedriven === undefined ? 'REDRIVABLE_BY_MAP_RUN' : 'NOT_REDRIVABLE',
      ...(notRedriven !== undefined && { RedriveStatusReason: notRedriven }),
      StartDate: iso(started),
      StateMachineArn: start.machineArn,
      Status: status,
      StopDate: iso(stopped),
    },
    ...(status === 'SUCCEEDED'
      ? { output: JSON.parse(output ?? 'null') as unknown }
      : { failure: new StateFailure(error, cause) }),
  };
}
