import { DATA_LIMIT_EXCEEDED, QUERY_EVALUATION_ERROR, RUNTIME } from '../../../../../core/asl/errors';

/** An error of a state, as Retry and Catch see it. */
export class StateFailure extends Error {
  /**
   * @param error its name: `States.Timeout`, or what a handler threw
   * @param cause the details, if any
   * @param covered an alternative name for retriers and catchers
   */
  constructor(
    readonly error: string | undefined,
    readonly detail?: string,
    readonly covered: string | undefined = error,
  ) {
    super(detail ?? error);
    this.name = 'StateFailure';
  }

  /** The error output passed on by catchers. */
  get output(): Readonly<Record<string, string | null>> {
    return { Error: this.error ?? null, Cause: this.detail ?? null };
  }

  /** The event details; an empty cause is omitted. */
  get details(): Readonly<Record<string, string>> {
    return {
      ...(this.error !== undefined && { error: this.error }),
      ...(this.detail && { cause: this.detail }),
    };
  }
}

/** A fault in the state itself; its cause starts with the state's name and the id of its entry event. */
export class StateFault extends StateFailure {
  /** @param sentence what is wrong, without that prefix */
  constructor(
    error: string,
    readonly sentence: string,
  ) {
    super(error, sentence);
  }

  /** The failure with the state's prefix. */
  inState(state: string, entered: number): StateFailure {
    return new StateFailure(this.error, this.sentenceOf(state, entered));
  }

  /** The cause with the state's prefix. */
  protected sentenceOf(state: string, entered: number): string {
    return `An error occurred while executing the state '${state}' (entered at the event id #${entered}). ${this.sentence}`;
  }
}

/** A failed expression, which has a dedicated history event. */
export class EvaluationFault extends StateFault {
  /**
   * @param field the field that holds the expression: `Output/total`
   * @param sentence what is wrong
   * @param evaluated whether the expression evaluated, but to an invalid result
   */
  constructor(
    readonly field: string,
    sentence: string,
    readonly evaluated = false,
  ) {
    super(QUERY_EVALUATION_ERROR, sentence);
  }

  override inState(state: string, entered: number): EvaluationFailure {
    return new EvaluationFailure(this, this.sentenceOf(state, entered), state);
  }
}

/** A failed expression, with its state's prefix. */
export class EvaluationFailure extends StateFailure {
  /** @param fault the underlying fault */
  constructor(
    readonly fault: EvaluationFault,
    detail: string,
    readonly state: string,
  ) {
    super(QUERY_EVALUATION_ERROR, detail);
  }
}

/** An uncatchable runtime error: data that a state cannot process. */
export function runtimeFault(sentence: string): StateFault {
  return new StateFault(RUNTIME, sentence);
}

/** The failure for an oversized payload. */
export function dataLimit(what: string): StateFailure {
  return new StateFailure(
    DATA_LIMIT_EXCEEDED,
    `The state/task '${what}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  );
}

/** Not supported locally: ends the execution past every Catch, so that no test mistakes it for a result. */
export class NotRunHere extends Error {
  override readonly name = 'NotRunHere';
}

/** Ends the execution: stopped, timed out, or history full. */
export class ExecutionEnd extends Error {
  override readonly name = 'ExecutionEnd';

  /**
   * @param status its final status
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
