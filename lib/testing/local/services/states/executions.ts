import { randomUUID } from 'node:crypto';
import { stepFunctions } from '../../../../core/facts';
import { AwsError } from '../../kernel/aws-errors';
import { number, parseJson } from '../../kernel/json';
import { Execution, type ExecutionEngine } from './engine/execution';
import type { Machine } from './machines';

/** How long an ended execution's name stays reserved and it can be redriven, in days. */
const NAME_DAYS = 90;
const REDRIVE_DAYS = 14;
const DAY = 86_400_000;

/** Dependencies of executions. */
export interface ExecutionsParts {
  /** The engine of a machine. */
  readonly engine: (machine: Machine) => ExecutionEngine;
  /** Called when the status of an execution changes. */
  readonly changed: (execution: Execution, machine: Machine) => void;
  /** The time, in milliseconds. */
  readonly now: () => number;
  /** @throws AwsError when the machine's role may not use its key */
  readonly checkKey: (machine: Machine) => void;
}

/** All executions of a run. */
export class Executions {
  private readonly byArn = new Map<string, { readonly execution: Execution; readonly machine: Machine }>();

  /** @param parts their dependencies */
  constructor(private readonly parts: ExecutionsParts) {}

  get running(): readonly Execution[] {
    return [...this.byArn.values()].map(({ execution }) => execution).filter(({ status }) => status === 'RUNNING');
  }

  /** An execution; undefined if there is none. */
  find(arn: string): Execution | undefined {
    return this.byArn.get(arn)?.execution;
  }

  /** The machine of an execution. */
  machineOf(arn: string): Machine | undefined {
    return this.byArn.get(arn)?.machine;
  }

  /** A machine's executions, newest first, without children of distributed maps. */
  of(machine: Machine): readonly Execution[] {
    const own = [...this.byArn.values()].filter((one) => one.machine.arn === machine.arn);
    return own
      .map(({ execution }) => execution)
      .filter(({ start }) => start.mapRunArn === undefined)
      .reverse();
  }

  /** The child executions of a map run. */
  ofMapRun(mapRunArn: string): readonly Execution[] {
    const all = [...this.byArn.values()].map(({ execution }) => execution);
    return all.filter(({ start }) => start.mapRunArn === mapRunArn);
  }

  /**
   * Starts an execution, or returns the running one of a Standard machine with the same name and input.
   * @throws AwsError when the input or name is invalid, or the name is taken
   */
  start(machine: Machine, given: { readonly name?: string; readonly input?: string }): Execution {
    const { name = randomUUID(), input = '{}' } = given;
    checkName(name);
    checkInput(input);
    this.parts.checkKey(machine);
    const arn = arnOf(machine, name);
    const known = this.find(arn);
    if (known && !machine.express) {
      const open = known.status === 'RUNNING';
      if (open && known.start.input === input) return known;
      const age = this.parts.now() - (known.stopped ?? known.started);
      if (open || age < NAME_DAYS * DAY) {
        throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
      }
    }
    return this.run(machine, { arn, name, input });
  }

  /** Registers and starts an execution. */
  run(
    machine: Machine,
    own: Pick<Execution['start'], 'arn' | 'name' | 'input' | 'mapRunArn'> & Partial<Execution['start']>,
  ): Execution {
    const execution = new Execution(
      {
        machineArn: machine.arn,
        machineName: machine.name,
        roleArn: machine.roleArn,
        flow: flowOf(machine),
        ...timeoutOf(machine),
        ...own,
      },
      this.parts.engine(machine),
      (changed) => this.parts.changed(changed, machine),
    );
    this.byArn.set(own.arn, { execution, machine });
    execution.begin();
    return execution;
  }

  async stop(): Promise<void> {
    await Promise.all(this.running.map((execution) => execution.stop()));
  }
}

/** Why an execution cannot be redriven, directly or by its map; undefined if it can. */
export function notRedrivable({ status, history, start, stopped = 0 }: Execution, now: number): string | undefined {
  if (status === 'RUNNING') return 'Execution is RUNNING and cannot be redriven';
  if (status === 'SUCCEEDED') return 'Execution is SUCCEEDED and cannot be redriven';
  if (start.mapRunArn === undefined && start.arn.includes(':express:')) return 'Express executions cannot be redriven';
  if (now - stopped > REDRIVE_DAYS * DAY) return 'Execution has exceeded redrive period';
  if (history.events.length >= stepFunctions.historyEvents.value - 1)
    return 'Execution has exceeded event history limit';
  return undefined;
}

function flowOf({ read, deployed }: Machine): Execution['start']['flow'] {
  if ('machine' in read) return read.machine;
  throw new AwsError('LocalRunUnsupported', `the definition of '${deployed.displayName}' ${read.fault}`, 501);
}

function timeoutOf(machine: Machine): { readonly timeout?: number } {
  const said = number(flowOf(machine).body.TimeoutSeconds);
  const most = machine.express ? stepFunctions.expressDuration.value : undefined;
  const timeout = said === undefined ? most : Math.min(said, most ?? said);
  return timeout === undefined ? {} : { timeout };
}

function arnOf({ arn, express }: Machine, name: string): string {
  const kind = express ? 'express' : 'execution';
  const own = arn.replace(':stateMachine:', `:${kind}:`);
  return express ? `${own}:${name}:${randomUUID()}` : `${own}:${name}`;
}

function checkName(name: string): void {
  if (name.length >= 1 && name.length <= 80 && !/[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]/u.test(name)) return;
  throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
}

function checkInput(input: string): void {
  if (Buffer.byteLength(input) > stepFunctions.payloadSize.value) {
    throw new AwsError('InvalidExecutionInput', `Invalid State Machine Execution Input: 'Input is too long'`);
  }
  if (parseJson(input) === undefined) {
    throw new AwsError('InvalidExecutionInput', `Invalid State Machine Execution Input: 'it is not JSON'`);
  }
}
