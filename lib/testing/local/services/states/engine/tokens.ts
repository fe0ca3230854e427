import { randomBytes } from 'node:crypto';
import { AwsError } from '../../../kernel/aws-errors';
import { stepFunctions } from '../../../../../core/facts';
import { StateFailure } from './failure';

/** A task that waits for its token. */
export interface WaitingTask {
  readonly token: string;
  readonly answer: Promise<unknown>;
  /** The last heartbeat or the start, in milliseconds of the services; now, until a worker picks it up. */
  heartbeat(): number;
  /** Marks the token as passed on: the task now only waits. */
  handOn(): void;
  /** Marks the task as picked up by a worker. */
  begin(): void;
  /** Whether the task is still awaited. */
  isOpen(): boolean;
  /** Invalidates the token. */
  close(): void;
}

interface Entry {
  readonly owner: string;
  readonly execution: string;
  begun: boolean;
  handedOn: boolean;
  open: boolean;
  beat: number;
  readonly resolve: (value: unknown) => void;
  readonly reject: (failure: StateFailure) => void;
}

/** The task tokens issued so far. Each is valid once: late or repeated responses are rejected. */
export class TaskTokens {
  private readonly entries = new Map<string, Entry>();

  /** @param now the services' time, in milliseconds */
  constructor(private readonly now: () => number) {}

  /** Whether an execution waits for a callback. */
  waits(execution: string): boolean {
    return [...this.entries.values()].some((entry) => entry.open && entry.handedOn && entry.execution === execution);
  }

  /** The machine whose task issued a token, or the token's activity. */
  ownerOf(token: string): string | undefined {
    return this.entries.get(token)?.owner;
  }

  /**
   * Issues a token to a task of an execution.
   * @param owner the ARN of the machine or activity
   */
  open(owner: string, execution: string, { begun = true } = {}): WaitingTask {
    const token = randomBytes(96).toString('base64');
    let entry: Entry | undefined;
    const answer = new Promise<unknown>((resolve, reject) => {
      entry = { owner, execution, begun, handedOn: false, open: true, beat: this.now(), resolve, reject };
    });
    // The answer may arrive before anything awaits it.
    answer.catch(() => undefined);
    const kept = entry!;
    this.entries.set(token, kept);
    return {
      token,
      answer,
      heartbeat: () => (kept.begun ? kept.beat : this.now()),
      handOn: () => void (kept.handedOn = true),
      begin: () => void Object.assign(kept, { begun: true, beat: this.now() }),
      isOpen: () => kept.open,
      close: () => void (kept.open = false),
    };
  }

  /** @throws AwsError when the token is invalid or no longer awaited */
  succeed(token: string, output: string): void {
    let value: unknown;
    try {
      value = JSON.parse(output);
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      throw new AwsError('InvalidOutput', `Invalid Output: '${said}'`);
    }
    if (Buffer.byteLength(output) > stepFunctions.payloadSize.value) {
      throw new AwsError('InvalidOutput', `Invalid Output: 'Output is too long'`);
    }
    this.take(token).resolve(value);
  }

  /** @throws AwsError when the token is invalid or no longer awaited */
  fail(token: string, error: string | undefined, cause: string | undefined): void {
    this.take(token).reject(new StateFailure(error, cause));
  }

  /** @throws AwsError when the token is invalid or no longer awaited */
  beat(token: string): void {
    this.find(token).beat = this.now();
  }

  private take(token: string): Entry {
    const entry = this.find(token);
    entry.open = false;
    return entry;
  }

  private find(token: string): Entry {
    const entry = this.entries.get(token);
    if (!entry) throw new AwsError('InvalidToken', `Invalid Token: 'Invalid token'`);
    if (!entry.open) {
      const said = `Task Timed Out: 'Provided task does not exist anymore'`;
      throw new AwsError('TaskTimedOut', said);
    }
    return entry;
  }
}
