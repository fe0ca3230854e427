import { randomUUID } from 'node:crypto';
import { AwsError } from '../../../kernel/aws-errors';
import type { Clock } from '../../../kernel/clock';
import type { ServiceTime } from '../../../kernel/service-time';
import { type DurableHistory, failure, NAMES, shown } from './history';
import { checkLimits } from './limits';
import type { ErrorObject, Operation, OperationStatus, OperationUpdate } from './wire';

/** What operations need from their execution. */
export interface OperationsParts {
  readonly history: DurableHistory;
  readonly time: ServiceTime;
  readonly clock: Clock;
  /** Aborted when the execution ends. */
  readonly ended: AbortSignal;
  /** Invokes a function with the durable function's role. */
  readonly call: (functionName: string, payload: string) => Promise<CallEnd>;
  /** Creates the id of a callback. */
  readonly callbackId: (operation: string) => string;
  /** Called when this run itself is at fault. */
  readonly broken: (error: unknown) => void;
  /** Called when something that the handler waits for has ended. */
  readonly changed: () => void;
}

/** The result of invoking another function. */
export type CallEnd = { readonly result: string } | { readonly error: ErrorObject };

/** The operations of a durable execution, and their timers. */
export class Operations {
  private readonly byId = new Map<string, Operation>();
  private readonly usage = { operations: 0, bytes: 0 };
  /** Changes not yet sent to the handler. */
  private readonly unseen = new Set<Operation>();

  /**
   * @param parts what they need
   * @param root the execution itself
   */
  constructor(
    private readonly parts: OperationsParts,
    root: Operation,
  ) {
    this.byId.set(root.id, root);
  }

  find(id: string): Operation | undefined {
    return this.byId.get(id);
  }

  /** Those that a handler gets: the children of an ended context are dropped. */
  get visible(): readonly Operation[] {
    return [...this.byId.values()].filter((one) => !this.isOver(one, ({ replayChildren }) => !replayChildren));
  }

  /** Whether anything is in progress that the handler may wait for. */
  get pending(): boolean {
    return this.open.some(({ type, status }) => status === 'PENDING' || status === 'READY' || WAITING.has(type));
  }

  /** Whether a step is running. */
  get working(): boolean {
    return this.open.some(({ type, status }) => type === 'STEP' && status === 'STARTED');
  }

  /** Whether an external answer is awaited. */
  get asking(): boolean {
    return this.open.some(({ type }) => type === 'CALLBACK');
  }

  /** Whether there are changes not yet sent to the handler. */
  get news(): boolean {
    return [...this.unseen].some((one) => !this.isOver(one));
  }

  /** The changes since the last call. */
  takeNews(): readonly Operation[] {
    const news = [...this.unseen];
    this.unseen.clear();
    return news;
  }

  /**
   * Applies a handler's updates.
   * @throws AwsError when Lambda refuses one: then none is applied
   */
  apply(updates: readonly OperationUpdate[]): void {
    checkLimits(updates, this.usage);
    for (const update of updates) this.applyOne(update);
  }

  /** Ends a callback. */
  answer(callback: Operation, status: 'SUCCEEDED' | 'FAILED', payload: string | undefined, error?: ErrorObject): void {
    this.end(callback, status, { payload, ...(status === 'FAILED' && { error: error ?? {} }) });
  }

  private applyOne(update: OperationUpdate): void {
    const { Action, Type, Id } = update;
    const known = this.byId.get(Id);
    if (Action === 'START') {
      if (known?.type === 'STEP' && (known.status === 'READY' || known.status === 'PENDING')) return this.again(known);
      if (known) throw invalid(`Invalid current ${Type} state to start.`);
      return this.start(update);
    }
    // A step may start and end in one checkpoint, without a START.
    const operation = known ?? this.add(update);
    const closing = CLOSES[Type];
    if (!closing?.includes(Action)) throw invalid(`Invalid ${Type} action.`);
    if (!OPEN.has(operation.status)) throw invalid(`Invalid current ${Type} state to close.`);
    if (Action === 'RETRY') return this.retry(operation, update);
    this.end(operation, STATUS[Action]!, { payload: update.Payload, error: update.Error }, update.ContextOptions);
  }

  private add({ Id, ParentId, Name, Type, SubType }: OperationUpdate): Operation {
    const operation: Operation = {
      id: Id,
      parentId: ParentId,
      name: Name,
      type: Type,
      subType: SubType,
      started: Date.now(),
      status: 'STARTED',
      attempts: 0,
    };
    this.byId.set(Id, operation);
    this.unseen.add(operation);
    return operation;
  }

  private start(update: OperationUpdate): void {
    const operation = this.add(update);
    const { history } = this.parts;
    switch (update.Type) {
      case 'WAIT': {
        const seconds = update.WaitOptions?.WaitSeconds ?? 1;
        this.at(operation, seconds, () => this.end(operation, 'SUCCEEDED'));
        history.add('WaitStarted', { Duration: seconds, ScheduledEndTimestamp: operation.due! / 1000 }, operation);
        break;
      }
      case 'CALLBACK':
        this.openCallback(operation, update);
        break;
      case 'CHAINED_INVOKE':
        this.call(operation, update);
        break;
      default:
        history.add(`${NAMES[update.Type]}Started`, {}, operation);
    }
  }

  private again(step: Operation): void {
    step.status = 'STARTED';
    this.unseen.add(step);
    this.parts.history.add('StepStarted', {}, step);
  }

  private retry(step: Operation, { Error: error, Payload, StepOptions }: OperationUpdate): void {
    const seconds = StepOptions?.NextAttemptDelaySeconds ?? 1;
    step.attempts++;
    step.status = 'PENDING';
    step.error = error;
    step.payload = Payload;
    this.unseen.add(step);
    this.at(step, seconds, () => {
      step.status = 'READY';
      this.notify(step);
    });
    const RetryDetails = { CurrentAttempt: step.attempts, NextAttemptDelaySeconds: seconds };
    this.parts.history.add('StepFailed', { Error: failure(error), RetryDetails }, step);
  }

  private openCallback(callback: Operation, { CallbackOptions = {} }: OperationUpdate): void {
    const { TimeoutSeconds, HeartbeatTimeoutSeconds } = CallbackOptions;
    const { time, ended, history } = this.parts;
    callback.callbackId = this.parts.callbackId(callback.id);
    callback.heard = time.now();
    const expire = (message: string) => {
      if (callback.status !== 'STARTED' || ended.aborted) return;
      this.end(callback, 'TIMED_OUT', { error: { ErrorType: 'Callback.Timeout', ErrorMessage: message } });
    };
    const limit = (seconds: number, since: () => number, message: string) => {
      const over = time.limit(seconds, since, ended).then(() => expire(message));
      over.catch(this.parts.broken);
    };
    const begun = callback.heard;
    if (TimeoutSeconds) limit(TimeoutSeconds, () => begun, 'Callback timed out');
    if (HeartbeatTimeoutSeconds)
      limit(HeartbeatTimeoutSeconds, () => callback.heard!, 'Callback timed out on heartbeat');
    history.add(
      'CallbackStarted',
      { CallbackId: callback.callbackId, Timeout: TimeoutSeconds, HeartbeatTimeout: HeartbeatTimeoutSeconds },
      callback,
    );
  }

  private call(operation: Operation, { ChainedInvokeOptions, Payload = '{}' }: OperationUpdate): void {
    const { history, ended } = this.parts;
    const name = ChainedInvokeOptions?.FunctionName ?? '';
    history.add('ChainedInvokeStarted', { FunctionName: name, Input: shown(Payload) }, operation);
    const finish = (end: CallEnd) => {
      // The invoked function runs to its end, but its result is dropped.
      if (ended.aborted) return;
      if ('error' in end) this.end(operation, 'FAILED', { error: end.error });
      else this.end(operation, 'SUCCEEDED', { payload: end.result });
    };
    this.parts.call(name, Payload).then(finish).catch(this.parts.broken);
  }

  private end(
    operation: Operation,
    status: OperationStatus,
    { payload, error }: { readonly payload?: string | undefined; readonly error?: ErrorObject | undefined } = {},
    { ReplayChildren }: { readonly ReplayChildren?: boolean } = {},
  ): void {
    operation.status = status;
    operation.ended = Date.now();
    operation.payload = payload;
    operation.error = error;
    if (ReplayChildren) operation.replayChildren = true;
    this.parts.history.ended(operation);
    this.notify(operation);
  }

  private notify(operation: Operation): void {
    this.unseen.add(operation);
    if (!this.isOver(operation)) this.parts.changed();
  }

  /** Schedules an action after some seconds of service time, while the execution runs. */
  private at(operation: Operation, seconds: number, then: () => void): void {
    const { time, clock, ended } = this.parts;
    operation.due = clock.after(seconds);
    time
      .wait(seconds, ended)
      .then(() => (ended.aborted ? undefined : then()))
      .catch(this.parts.broken);
  }

  private get open(): readonly Operation[] {
    return [...this.byId.values()].filter((one) => OPEN.has(one.status) && !this.isOver(one));
  }

  /** Whether an enclosing context of an operation has ended. */
  private isOver({ parentId }: Operation, such: (context: Operation) => boolean = () => true): boolean {
    const parent = parentId === undefined ? undefined : this.byId.get(parentId);
    if (!parent) return false;
    return (!OPEN.has(parent.status) && such(parent)) || this.isOver(parent, such);
  }
}

/** An unforgeable id. */
export function secret(...parts: readonly string[]): string {
  return Buffer.from(JSON.stringify([...parts, randomUUID()])).toString('base64');
}

const OPEN: ReadonlySet<OperationStatus> = new Set(['STARTED', 'PENDING', 'READY']);
const WAITING: ReadonlySet<Operation['type']> = new Set(['WAIT', 'CALLBACK', 'CHAINED_INVOKE']);

/** The actions with which a handler may end operations. */
const CLOSES: Readonly<Partial<Record<Operation['type'], readonly OperationUpdate['Action'][]>>> = {
  STEP: ['SUCCEED', 'FAIL', 'RETRY'],
  CONTEXT: ['SUCCEED', 'FAIL'],
  WAIT: ['CANCEL'],
};

const STATUS: Readonly<Partial<Record<OperationUpdate['Action'], OperationStatus>>> = {
  SUCCEED: 'SUCCEEDED',
  FAIL: 'FAILED',
  CANCEL: 'CANCELLED',
};

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message, 400);
}
