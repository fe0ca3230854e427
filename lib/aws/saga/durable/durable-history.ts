import type { Event as DurableEvent, GetDurableExecutionResponse } from '@aws-sdk/client-lambda';
import { isLeft, type LeftList } from '../claims/left-list';
import { type KnownSaga, stepsLeft } from '../known';
import { beginningOf } from '../beginning';
import { ENDS, type Outcome } from '../outcome';
import type { ParkedSaga } from '../parked';

/** The fields used of an execution. */
export type DurableExecution = Pick<
  GetDurableExecutionResponse,
  'DurableExecutionArn' | 'DurableExecutionName' | 'FunctionArn' | 'InputPayload' | 'Status' | 'Error'
>;

/** Nothing to report for an execution that is running, or ended as planned. */
export function needsKeeper({ Status, Error: error }: Pick<DurableExecution, 'Status' | 'Error'>): boolean {
  if (Status === 'TIMED_OUT' || Status === 'STOPPED') return true;
  return Status === 'FAILED' && error?.ErrorType !== ENDS.undone && error?.ErrorType !== ENDS.parked;
}

/**
 * The message of a saga that ended otherwise than planned, from its history. What was started without a recorded result
 * may have happened; undefined if the saga itself had sent its message before it ended.
 */
export function parkedSaga(
  execution: DurableExecution,
  events: readonly DurableEvent[],
  known: KnownSaga,
): ParkedSaga | undefined {
  const history = new History(events);
  if (history.wrote('Saga parks')) return undefined;
  const { DurableExecutionArn: arn, DurableExecutionName: name, Status, Error: error } = execution;
  const before = beginningOf(name!, execution.InputPayload);
  const { key, input } = before;
  const outcomes: Record<string, Outcome | readonly Outcome[]> = { ...before.outcomes };
  const results = { ...before.results };
  const items = { ...before.items };
  for (const step of [...known.undo, ...known.others]) {
    if (known.each.includes(step)) {
      const read = history.list(step);
      if (read) items[step] = read;
    }
    const list = items[step] ?? [];
    // A distributed list is reported as a whole.
    if (known.each.includes(step) && !isLeft(list)) {
      const each = history.each(step, list, outcomes[step]);
      if (each.outcomes) outcomes[step] = each.outcomes;
      if (each.results) results[step] = each.results;
    } else {
      const one = history.of(step);
      if (one) outcomes[step] = one.outcome;
      if (one && 'result' in one) results[step] = one.result;
      if (history.undone(step)) outcomes[step] = 'undone';
    }
  }
  return {
    saga: execution.FunctionArn!.replace(/(:function:[^:]+):.*$/, '$1'),
    execution: arn!,
    name: name!,
    key,
    failed: {
      step: history.last([...known.undo, ...known.others]) ?? 'none',
      error: error?.ErrorType ?? (Status === 'TIMED_OUT' ? 'States.Timeout' : 'Aborted'),
      cause: (error?.ErrorMessage ?? '').slice(0, 1000),
      wait: known.settle,
    },
    outcomes,
    left: stepsLeft(known, key, outcomes),
    data: history.truncated ? { inHistoryOf: arn! } : { input, results, items },
  };
}

/** The outcome of a step or an item, from its context. */
interface ContextResult {
  readonly outcome: Outcome;
  readonly result?: unknown;
}

class History {
  /** Whether the history has truncated some value. */
  truncated = false;

  constructor(private readonly events: readonly DurableEvent[]) {}

  /** Whether one of the function's own steps has succeeded. */
  wrote(name: string): boolean {
    return this.events.some(({ EventType, Name }) => EventType === 'StepSucceeded' && Name === name);
  }

  /** The outcome of a step; undefined if it was not started. */
  of(name: string): ContextResult | undefined {
    if (!this.events.some(({ EventType, Name }) => EventType === 'ContextStarted' && Name === name)) return undefined;
    return (this.result('ContextSucceeded', name) as ContextResult | undefined) ?? { outcome: 'unknown' };
  }

  /** Whether a compensation has succeeded. */
  undone(name: string): boolean {
    return (this.result('ContextSucceeded', `Undo ${name}`) as { ok?: boolean } | undefined)?.ok === true;
  }

  /** The items computed for a step. */
  list(name: string): readonly unknown[] | LeftList | undefined {
    const read = this.result('StepSucceeded', `${name} items read`);
    return (read as { readonly value?: readonly unknown[] | LeftList } | undefined)?.value;
  }

  /** The outcomes of a step's items. */
  each(
    name: string,
    items: readonly unknown[],
    before: Outcome | readonly Outcome[] | undefined,
  ): { readonly outcomes?: readonly Outcome[]; readonly results?: readonly unknown[] } {
    const contexts = items.map((_, index) => this.of(`${name} ${index}`));
    const begun = contexts.some((one) => one !== undefined);
    const outcomes = items.map((_, index): Outcome => {
      if (this.undone(`${name} ${index}`)) return 'undone';
      const earlier = typeof before === 'string' ? before : before?.[index];
      return contexts[index]?.outcome ?? earlier ?? 'skipped';
    });
    const results = contexts.flatMap((one, index) => (one && 'result' in one ? [{ index, result: one.result }] : []));
    const known = begun || before !== undefined;
    return { ...(known && { outcomes }), ...(begun && { results }) };
  }

  /** The step started, or undone, last. */
  last(steps: readonly string[]): string | undefined {
    const own = (name = '') => steps.includes(name.replace(/^Undo /, '').replace(/ \d+$/, ''));
    return this.events.filter(({ EventType, Name }) => EventType === 'ContextStarted' && own(Name)).at(-1)?.Name;
  }

  private result(type: 'ContextSucceeded' | 'StepSucceeded', name: string): unknown {
    const event = this.events.find((one) => one.EventType === type && one.Name === name);
    const { Payload: payload, Truncated: truncated } = event?.[`${type}Details`]?.Result ?? {};
    if (truncated) this.truncated = true;
    return truncated || payload === undefined ? undefined : (JSON.parse(payload) as unknown);
  }
}
