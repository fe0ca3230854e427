import { randomUUID } from 'node:crypto';
import type { LocalContext } from '../../kernel/service';
import { messageOf } from '../../kernel/errors';
import type { Execution } from './engine/execution';
import { keyOf } from './keys';
import type { Machine } from './machines';

/** Maximum size of input or output in an event, in bytes. */
const MOST = 248 * 1024;

/** Sends status changes of Standard executions to EventBridge. */
export class StatusEvents {
  private readonly sending = new Set<Promise<void>>();

  /** @param context the local run with the default bus */
  constructor(private readonly context: LocalContext) {}

  /** The number of deliveries in flight. */
  get left(): number {
    return this.sending.size;
  }

  send(execution: Execution, machine: Machine): void {
    const target = this.context.arn('events', 'event-bus/default');
    if (machine.express || !this.context.reaches(target)) return;
    const sender = { service: 'states.amazonaws.com', arn: machine.arn };
    const sent = this.context
      .deliver({ target, payload: this.eventOf(execution, keyOf(machine) !== undefined), sender })
      .catch((error: unknown) => this.context.logs.write(machine.deployed.displayName, `ERROR ${messageOf(error)}`))
      .finally(() => this.sending.delete(sent));
    this.sending.add(sent);
  }

  /** Waits for deliveries in flight. */
  async stop(): Promise<void> {
    await Promise.allSettled(this.sending);
  }

  /** @param secret whether the customer's key encrypts the execution: then the event has no data of it */
  private eventOf(execution: Execution, secret: boolean): unknown {
    const { start, status, started, stopped, output, error, cause, redrives, redriven } = execution;
    const { region, account } = this.context;
    const [input, inputDetails] = shown(start.input, secret);
    const [given, outputDetails] = output === undefined ? [null, null] : shown(output, secret);
    return {
      version: '0',
      id: randomUUID(),
      'detail-type': 'Step Functions Execution Status Change',
      source: 'aws.states',
      account,
      time: new Date(stopped ?? started).toISOString().replace(/\.\d+Z$/, 'Z'),
      region,
      resources: [start.arn],
      detail: {
        executionArn: start.arn,
        stateMachineArn: start.machineArn,
        name: start.name,
        status,
        startDate: started,
        stopDate: stopped ?? null,
        input,
        output: given,
        stateMachineVersionArn: null,
        stateMachineAliasArn: null,
        redriveCount: redrives,
        redriveDate: redriven ?? null,
        redriveStatus: redriveStatus(status),
        redriveStatusReason:
          redriveStatus(status) === 'REDRIVABLE' ? null : `Execution is ${status} and cannot be redriven`,
        inputDetails,
        outputDetails,
        error: secret ? null : (error ?? null),
        cause: secret ? null : (cause ?? null),
      },
    };
  }
}

function redriveStatus(status: Execution['status']): string {
  return status === 'RUNNING' || status === 'SUCCEEDED' ? 'NOT_REDRIVABLE' : 'REDRIVABLE';
}

function shown(json: string, secret: boolean): readonly [string | null, { readonly included: boolean }] {
  const included = !secret && Buffer.byteLength(json) <= MOST;
  return [included ? json : null, { included }];
}
