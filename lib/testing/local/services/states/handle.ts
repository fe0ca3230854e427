import { StateMachineFailed } from './machine-failed';
import type { ExecutionStatus } from './engine/execution';
import type { HistoryEvent } from './engine/history';
import { parseJson } from '../../kernel/json';

/** A state machine or a durable function of a local run: `run.machine(name)`. */
export interface LocalMachine {
  /** Its ARN. */
  readonly arn: string;
  /** Its executions, the newest first. */
  readonly executions: readonly LocalExecution[];
  /**
   * Starts an execution. The test needs no permission for it.
   * @param input as a value, not as JSON
   * @param options.name of the execution; without one it has an id
   * @throws LocalRunError when AWS would refuse its definition
   */
  start(input?: unknown, options?: { readonly name?: string }): LocalExecution;
  /**
   * Starts an execution and waits for it to succeed.
   * @returns its output
   * @throws StateMachineFailed when it ends in any other way; the message has its history
   */
  run<T = unknown>(input?: unknown, options?: { readonly name?: string }): Promise<T>;
}

/** One step of an execution. */
export interface ExecutionStep {
  /** The id of the event. */
  readonly id: number;
  /** What happened: `TaskStateEntered`. */
  readonly event: string;
  /** The state, of events that name one. */
  readonly state?: string;
  /** What it was about: the error with its cause, or the resource. */
  readonly detail?: string;
}

/** The data of a local execution. */
export interface ExecutionSource {
  /** Its name. */
  readonly start: { readonly arn: string; readonly name: string };
  /** Its status. */
  readonly status: ExecutionStatus | 'STOPPED';
  /** Its output, as JSON. */
  readonly output: string | undefined;
  /** How it failed. */
  readonly error: string | undefined;
  /** The cause of the failure. */
  readonly cause: string | undefined;
  /** Its events, as the API has them. */
  readonly history: { readonly events: readonly HistoryEvent[] };
  /**
   * Its events, one line each.
   * @default - read from the events of a state machine
   */
  readonly steps?: readonly ExecutionStep[];
  /** Resolves when it ends. */
  readonly done: Promise<void>;
  /** Stops it. */
  stop(error?: string, cause?: string): Promise<void>;
}

/** An execution of a state machine or a durable function of a local run. */
export class LocalExecution {
  // Tests compare and print its data, not its internals.
  readonly #execution: ExecutionSource;

  /** @param execution of the service */
  constructor(execution: ExecutionSource) {
    this.#execution = execution;
  }

  /** Its ARN. */
  get arn(): string {
    return this.#execution.start.arn;
  }

  /** Its name. */
  get name(): string {
    return this.#execution.start.name;
  }

  /** Its status. A stopped one is `ABORTED` for a state machine, `STOPPED` for a durable function. */
  get status(): ExecutionStatus | 'STOPPED' {
    return this.#execution.status;
  }

  /** Its output; undefined unless it has succeeded. */
  get output(): unknown {
    const { output } = this.#execution;
    return output === undefined ? undefined : parseJson(output);
  }

  /** How it failed. */
  get error(): string | undefined {
    return this.#execution.error;
  }

  /** The cause of the failure. */
  get cause(): string | undefined {
    return this.#execution.cause;
  }

  /** Its events, as the API has them. */
  get events(): readonly HistoryEvent[] {
    return this.#execution.history.events;
  }

  /** Its events, one line each. */
  get history(): readonly ExecutionStep[] {
    return this.#execution.steps ?? this.events.map(stepOf);
  }

  /** The states that it entered, in order; for a durable function, the operations it started. */
  get states(): readonly string[] {
    const begun = this.#execution.steps ? 'Started' : 'StateEntered';
    return this.history.flatMap(({ event, state }) => (event.endsWith(begun) && state !== undefined ? [state] : []));
  }

  /** Waits until it ends, however that is. */
  async wait(): Promise<this> {
    await this.#execution.done;
    return this;
  }

  /**
   * Waits for it to succeed.
   * @returns its output
   * @throws StateMachineFailed when it ends in any other way; the message has its history
   */
  async succeeded<T = unknown>(): Promise<T> {
    await this.wait();
    if (this.status !== 'SUCCEEDED') throw new StateMachineFailed(this);
    return this.output as T;
  }

  /** Stops it. */
  async stop(error?: string, cause?: string): Promise<void> {
    await this.#execution.stop(error, cause);
  }

  /** Its history as a table. */
  table(): string {
    const rows = this.history.map(({ id, event, state = '', detail = '' }) => [String(id), event, state, detail]);
    const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
    const widths = [0, 1, 2].map(width);
    return rows
      .map((row) =>
        row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd(),
      )
      .join('\n');
  }
}

function stepOf(event: HistoryEvent): ExecutionStep {
  const details = Object.entries(event).find(([name]) => name.endsWith('EventDetails'))?.[1] as
    Readonly<Record<string, unknown>> | undefined;
  const { name, state = name, error, cause, resource, resourceType } = details ?? {};
  const failed = [error, cause].filter((part) => part !== undefined).join(': ');
  const called = [resourceType, resource].filter((part) => part !== undefined).join(':');
  const detail = failed || called;
  return {
    id: event.id,
    event: event.type,
    ...(typeof state === 'string' && { state }),
    ...(detail !== '' && { detail }),
  };
}
