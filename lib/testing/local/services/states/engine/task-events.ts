import type { TaskCall } from '../../../../../core/asl/task';
import type { JsonObject } from '../../../kernel/json';
import { StateFailure } from './failure';
import { checkSize } from './variables';
import type { Visit } from './visit';

const NAMES = { activity: 'Activity', function: 'LambdaFunction', integration: 'Task' } as const;

/** The events of a task; a function named by its ARN has dedicated event types. */
export class TaskEvents {
  private readonly own: JsonObject;
  private readonly name: 'Activity' | 'LambdaFunction' | 'Task';

  /** Of a task that is about to be run. */
  constructor(
    private readonly visit: Visit,
    private readonly call: TaskCall,
  ) {
    this.name = NAMES[call.kind];
    this.own = call.kind === 'integration' ? { resourceType: typeOf(call), resource: resourceOf(call) } : {};
  }

  /** Records that it was scheduled and started. */
  scheduled(
    parameters: unknown,
    { timeout, heartbeat }: { readonly timeout?: number; readonly heartbeat?: number },
    role: string | undefined,
  ): void {
    const settings = {
      ...(timeout !== undefined && { timeoutInSeconds: timeout }),
      ...(role !== undefined && { taskCredentials: { roleArn: role } }),
    };
    const given = JSON.stringify(parameters);
    this.add(
      'Scheduled',
      this.call.kind === 'integration'
        ? {
            region: this.visit.run.tasks.region,
            parameters: given,
            ...settings,
            ...(heartbeat !== undefined && { heartbeatInSeconds: heartbeat }),
          }
        : {
            resource: this.visit.state.body.Resource,
            input: given,
            inputDetails: { truncated: false },
            ...settings,
            ...(this.name === 'Activity' && heartbeat !== undefined && { heartbeatInSeconds: heartbeat }),
          },
    );
    // An activity task starts when a worker picks it up.
    if (this.name === 'Activity') return;
    if (this.name === 'LambdaFunction') this.visit.run.history.add(this.visit.flowing, 'LambdaFunctionStarted');
    else this.add('Started', {});
  }

  /** Records that a worker picked it up. */
  begun(workerName: string | undefined): void {
    this.add('Started', workerName === undefined ? {} : { workerName });
  }

  /** Records that a job was submitted, or the token passed on. */
  submitted(answer: unknown): void {
    this.add('Submitted', outputOf(answer));
  }

  /** Records the task's outcome. */
  async follow(working: () => Promise<unknown>): Promise<unknown> {
    try {
      const value = await working();
      this.checked(value);
      this.add('Succeeded', outputOf(value));
      return value;
    } catch (error) {
      if (error instanceof StateFailure) {
        this.add(error.error === 'States.Timeout' ? 'TimedOut' : 'Failed', error.details);
      }
      throw error;
    }
  }

  private checked(value: unknown): void {
    const { call, visit } = this;
    const what = call.kind === 'integration' ? call.service : String(visit.state.body.Resource);
    checkSize(value, what);
  }

  private add(event: string, details: JsonObject): void {
    const { run, flowing } = this.visit;
    const type = `${this.name}${event}`;
    const named = `${type[0]!.toLowerCase()}${type.slice(1)}EventDetails`;
    run.history.add(flowing, type, { [named]: { ...this.own, ...details } });
  }
}

function typeOf({ service, sdk }: Extract<TaskCall, { kind: 'integration' }>): string {
  return sdk ? `aws-sdk:${service}` : service;
}

function resourceOf({ api, waits, sync }: Extract<TaskCall, { kind: 'integration' }>): string {
  return `${api}${waits === 'token' ? '.waitForTaskToken' : waits === 'job' ? `.sync${sync === 2 ? ':2' : ''}` : ''}`;
}

function outputOf(value: unknown): JsonObject {
  return { output: JSON.stringify(value), outputDetails: { truncated: false } };
}
