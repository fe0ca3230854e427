import { DATA_LIMIT_EXCEEDED, QUERY_EVALUATION_ERROR, RUNTIME } from '../../../../../core/asl/errors';

/** An error of a state, as Retry and Catch see it. */
export class StateFailure extends Error {
  /**
   * @param error its name: `States.Timeout`, or what a handler threw
   * @param cause what is said of it; absent where nothing is
   * @param covered another name that retriers and catchers may use for it
   */
  constructor(
    readonly error: string | undefined,
    readonly detail?: string,
    readonly covered: string | undefined = error,
  ) {
    super(detail ?? error);
    this.name = 'StateFailure';
  }

  /** As catchers hand it on. */
  get output(): Readonly<Record<string, string | null>> {
    return { Error: this.error ?? null, Cause: this.detail ?? null };
  }

  /** As events have it, where an empty cause is left out. */
  get details(): Readonly<Record<string, string>> {
    return {
      ...(this.error !== undefined && { error: this.error }),
      ...(this.detail && { cause: this.detail }),
    };
  }
}

/** A fault of a state itself; what is said of it begins with the state and the event that it was entered with. */
export class StateFault extends StateFailure {
  /** @param sentence what is wrong, without the begin */
  constructor(
    error: string,
    readonly sentence: string,
  ) {
    super(error, sentence);
  }

  /** The same, told of a state. */
  told(state: string, entered: number): StateFailure {
    return new StateFailure(this.error, this.sentenceOf(state, entered));
  }

  /** What is said of it, of a state. */
  protected sentenceOf(state: string, entered: number): string {
    return `An error occurred while executing the state '${state}' (entered at the event id #${entered}). ${this.sentence}`;
  }
}

/** An expression that failed; the history has an event of its own for it. */
export class EvaluationFault extends StateFault {
  /**
   * @param field the field that holds the expression: `Output/total`
   * @param sentence what is wrong
   * @param evaluated whether the expression itself was evaluated, and what it gave is no good
   */
  constructor(
    readonly field: string,
    sentence: string,
    readonly evaluated = false,
  ) {
    super(QUERY_EVALUATION_ERROR, sentence);
  }

  override told(state: string, entered: number): EvaluationFailure {
    return new EvaluationFailure(this, this.sentenceOf(state, entered), state);
  }
}

/** An expression that failed, told of its state. */
export class EvaluationFailure extends StateFailure {
  /** @param fault the fault itself */
  constructor(
    readonly fault: EvaluationFault,
    detail: string,
    readonly state: string,
  ) {
    super(QUERY_EVALUATION_ERROR, detail);
  }
}

/** Something that a state cannot work with; nothing catches it. */
export function runtimeFault(sentence: string): StateFault {
  return new StateFault(RUNTIME, sentence);
}

/** A payload that is too large. */
export function dataLimit(what: string): StateFailure {
  return new StateFailure(
    DATA_LIMIT_EXCEEDED,
    `The state/task '${what}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  );
}

/** What the local run does not have: it ends the execution, past every Catch, so that no test takes it for an answer. */
export class NotRunHere extends Error {
  override readonly name = 'NotRunHere';
}

/** The execution ends: it is stopped, takes too long, or its history is full. */
export class ExecutionEnd extends Error {
  override readonly name = 'ExecutionEnd';

  /**
   * @param status what becomes of it
   * @param error its error
   * @param detail its cause
   */
  constructor(
    readonly status: 'FAILED' | 'TIMED_OUT' | 'ABORTED',
    readonly error?: string,
    readonly detail?: string,
  ) {
    super(detail ?? error ?? status);
  }
}
