import type { DescribeExecutionOutput, HistoryEvent } from '@aws-sdk/client-sfn';
import type { LeftList } from './claims/left-list';
import { beginningOf } from './beginning';
import { ENDS } from './outcome';
import { type KnownSaga, stepsLeft } from './known';
import type { ParkedSaga } from './parked';

export type { KnownSaga } from './known';

/** Nothing to report for an execution that is running, or ended as planned. */
export function needsKeeper({ status, error }: Pick<DescribeExecutionOutput, 'status' | 'error'>): boolean {
  if (status === 'TIMED_OUT' || status === 'ABORTED') return true;
  return status === 'FAILED' && error !== ENDS.undone && error !== ENDS.parked;
}

/**
 * The message of a saga that ended otherwise than planned, from its history. What was started without a recorded success
 * may have happened; undefined if the saga itself had sent its message before it ended.
 */
export function parkedSaga(
  execution: DescribeExecutionOutput,
  events: readonly HistoryEvent[],
  known: KnownSaga,
): ParkedSaga | undefined {
  const history = new History(events);
  if (history.succeeded('Saga parks').length > 0) return undefined;
  const before = beginningOf(execution.name!, execution.input);
  const { key, input } = before;
  const outcomes = { ...before.outcomes };
  const results = { ...before.results };
  const items = { ...before.items };
  for (const name of [...known.undo, ...known.others]) {
    if (known.each.includes(name)) {
      const list = history.list(name);
      if (list) items[name] = list;
      if (history.entered(`${name} for each`).length > 0) outcomes[name] = 'unknown';
      const done = history.succeeded(name);
      if (done.length > 0)
        results[name] = done.map((event) => ({ index: history.index(event), result: resultOf(event) }));
      if (history.undoneEach(name)) outcomes[name] = 'undone';
    } else {
      const [done] = history.succeeded(name);
      if (history.entered(name).length > 0) outcomes[name] = done ? 'completed' : 'unknown';
      if (done) results[name] = resultOf(done);
      if (history.succeeded(`Undo ${name}`).length > 0) outcomes[name] = 'undone';
    }
  }
  return {
    saga: execution.stateMachineArn!,
    execution: execution.executionArn!,
    name: execution.name!,
    key,
    failed: {
      step: history.last() ?? 'none',
      error: execution.error ?? (execution.status === 'TIMED_OUT' ? 'States.Timeout' : 'Aborted'),
      cause: (execution.cause ?? '').slice(0, 1000),
      wait: known.settle,
    },
    outcomes,
    left: stepsLeft(known, key, outcomes),
    data: { input, results, items },
  };
}

class History {
  private readonly byId: ReadonlyMap<number, HistoryEvent>;

  constructor(private readonly events: readonly HistoryEvent[]) {
    this.byId = new Map(events.map((event) => [event.id!, event]));
  }

  entered(state: string): readonly HistoryEvent[] {
    return this.events.filter(({ stateEnteredEventDetails: entered }) => entered?.name === state);
  }

  /** Successful calls of a state, if nothing failed after them. */
  succeeded(state: string): readonly HistoryEvent[] {
    return this.events
      .filter(({ stateExitedEventDetails: exited }) => exited?.name === state)
      .map(({ previousEventId }) => this.byId.get(previousEventId!))
      .filter((event): event is HistoryEvent => event?.type === 'TaskSucceeded');
  }

  /** The items computed for a step. */
  list(step: string): readonly unknown[] | LeftList | undefined {
    const exit = this.events.find(({ stateExitedEventDetails: exited }) => exited?.name === `${step} items read`);
    const output = exit?.stateExitedEventDetails?.output;
    if (output === undefined) return undefined;
    return (JSON.parse(output) as { readonly list: readonly unknown[] | LeftList }).list;
  }

  /** Whether each item of a step was undone; for child executions, only the absence of parking shows it. */
  undoneEach(step: string): boolean {
    const each = `Undo ${step} for each`;
    const ended = this.events.some(({ stateExitedEventDetails: exited }) => exited?.name === `Undo ${step}`);
    const begun = this.entered(each).length;
    if (begun === 0) return ended && this.entered(`Undo ${step} completed?`).length > 0 && !this.parks();
    return ended && begun === this.succeeded(each).length;
  }

  private parks(): boolean {
    return this.entered('Saga parks').length > 0;
  }

  /** The iteration that an event belongs to. */
  index(event: HistoryEvent): number | undefined {
    for (let at: HistoryEvent | undefined = event; at; at = this.byId.get(at.previousEventId!)) {
      if (at.mapIterationStartedEventDetails) return at.mapIterationStartedEventDetails.index;
    }
    return undefined;
  }

  /** The state entered last. */
  last(): string | undefined {
    return this.events.filter(({ stateEnteredEventDetails: entered }) => entered).at(-1)?.stateEnteredEventDetails
      ?.name;
  }
}

/** A step's result: a function's payload, or a callback's answer. */
function resultOf({ taskSucceededEventDetails: details }: HistoryEvent): unknown {
  const output = JSON.parse(details?.output ?? 'null') as unknown;
  const answered = details?.resource?.endsWith('.waitForTaskToken') || details?.resourceType !== 'lambda';
  return answered ? output : (output as { Payload?: unknown }).Payload;
}
