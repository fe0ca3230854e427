import type { DescribeExecutionOutput, HistoryEvent } from '@aws-sdk/client-sfn';
import { fitting } from '../../../lib/aws/saga/claims/fitting';
import { type KnownSaga, needsKeeper, parkedSaga } from '../../../lib/aws/saga/history';

const known: KnownSaga = { undo: ['ship', 'lines', 'reserve'], others: ['check'], each: ['lines'], settle: 10 };
const execution: DescribeExecutionOutput = {
  executionArn: 'arn:execution',
  stateMachineArn: 'arn:machine',
  name: 'A1',
  status: 'ABORTED',
  startDate: undefined,
  input: JSON.stringify({ 'lintel:saga': { start: 'x', input: { id: 1 } } }),
};

/** Events in order, each after the one before it, unless it says otherwise. */
const history = (...events: Partial<HistoryEvent>[]) =>
  events.map((event, index) => ({ id: index + 1, previousEventId: index, ...event })) as HistoryEvent[];
const entered = (name: string): Partial<HistoryEvent> => ({
  type: 'TaskStateEntered',
  stateEnteredEventDetails: { name },
});
const exited = (name: string, output?: string): Partial<HistoryEvent> => ({
  type: 'TaskStateExited',
  stateExitedEventDetails: { name, output },
});
const answered = (Payload: unknown): Partial<HistoryEvent> => ({
  type: 'TaskSucceeded',
  taskSucceededEventDetails: { resourceType: 'lambda', resource: 'invoke', output: JSON.stringify({ Payload }) },
});
const failed: Partial<HistoryEvent> = { type: 'TaskFailed' };

test('what ended as planned, or is going on, needs no keeper', () => {
  const needs = (status: DescribeExecutionOutput['status'], error?: string) => needsKeeper({ status, error });
  expect(['SagaUndone', 'SagaParked'].map((error) => needs('FAILED', error))).toEqual([false, false]);
  expect([needs('RUNNING'), needs('SUCCEEDED'), needs('PENDING_REDRIVE')]).toEqual([false, false, false]);
  expect([needs('FAILED', 'States.Runtime'), needs('FAILED'), needs('TIMED_OUT'), needs('ABORTED')]).toEqual([
    true,
    true,
    true,
    true,
  ]);
});

test('what succeeded is completed, what was begun is unknown, and what was undone is not left', () => {
  const events = history(
    entered('reserve'),
    answered({ id: 7 }),
    exited('reserve'),
    entered('check'),
    failed,
    exited('check'),
    entered('ship'),
    answered('s'),
    exited('ship'),
    entered('Undo ship'),
    answered(null),
    exited('Undo ship'),
  );
  expect(parkedSaga(execution, events, known)).toEqual({
    saga: 'arn:machine',
    execution: 'arn:execution',
    name: 'A1',
    key: 'A1',
    failed: { step: 'Undo ship', error: 'Aborted', cause: '', wait: 10 },
    outcomes: { reserve: 'completed', check: 'unknown', ship: 'undone' },
    left: [{ step: 'reserve', outcome: 'completed', actionKey: 'A1:reserve', idempotencyKey: 'A1:reserve:undo' }],
    data: { input: { id: 1 }, results: { reserve: { id: 7 }, ship: 's' }, items: {} },
  });
});

test('of a step for each item the whole list is left, with the results that are known', () => {
  const events = history(
    { ...exited('lines items read', JSON.stringify({ list: ['a', 'b'] })) },
    entered('lines for each'),
    { type: 'MapIterationStarted', mapIterationStartedEventDetails: { name: 'lines for each', index: 1 } },
    entered('lines'),
    answered('done'),
    exited('lines'),
  );
  const message = parkedSaga({ ...execution, status: 'TIMED_OUT' }, events, known)!;
  expect(message.failed.error).toBe('States.Timeout');
  expect(message.left.map(({ step, outcome }) => [step, outcome])).toEqual([['lines', 'unknown']]);
  expect(message.data).toMatchObject({
    items: { lines: ['a', 'b'] },
    results: { lines: [{ index: 1, result: 'done' }] },
  });
});

test('a saga that was stopped after its own message is told once', () => {
  const events = history(
    entered('reserve'),
    answered(1),
    exited('reserve'),
    entered('Saga parks'),
    answered(1),
    exited('Saga parks'),
  );
  expect(parkedSaga(execution, events, known)).toBeUndefined();
});

test('a resumed saga begins with what the one before it had left', () => {
  const before = {
    key: 'A1',
    input: 1,
    results: { ship: 's' },
    items: {},
    outcomes: { ship: 'undone', reserve: 'completed' },
  };
  const resumed = { ...execution, name: 'A1-resume-1', input: JSON.stringify({ 'lintel:saga': before }) };
  expect(parkedSaga(resumed, history(entered('Saga settles')), known)).toMatchObject({
    name: 'A1-resume-1',
    key: 'A1',
    left: [{ step: 'reserve', actionKey: 'A1:reserve' }],
    data: { input: 1, results: { ship: 's' } },
  });
  const refused = { ...before, outcomes: { ship: 'undone', reserve: 'refused' } };
  const again = { ...resumed, input: JSON.stringify({ 'lintel:saga': refused }) };
  expect(parkedSaga(again, [], known)!.left).toEqual([]);
  expect(parkedSaga(again, [], { ...known, undoFailed: true })!.left).toMatchObject([{ step: 'reserve' }]);
  // Whoever names an execution otherwise cannot say what was done.
  expect(parkedSaga({ ...resumed, name: 'A1' }, [], known)).toMatchObject({ key: 'A1', left: [] });
});

describe('a message that is too large', () => {
  const message = parkedSaga(
    { ...execution, input: JSON.stringify('x'.repeat(210_000)) },
    history(entered('reserve')),
    known,
  )!;

  test('stays in the history where there is no bucket', async () => {
    expect(await fitting(message, undefined)).toMatchObject({
      left: [{ step: 'reserve', outcome: 'unknown' }],
      data: { inHistoryOf: 'arn:execution' },
    });
  });

  test('stays there too where only lists are large, which tell what is to be undone', async () => {
    const items = { lines: ['x'.repeat(210_000)] };
    const large = { ...message, data: { input: 1, results: { lines: [] }, items } };
    expect(await fitting(large, 'bucket')).toMatchObject({ claims: 'bucket', data: { inHistoryOf: 'arn:execution' } });
  });
});

describe('a distributed list that was undone', () => {
  const undoing = [
    entered('lines for each'),
    entered('Undo lines'),
    exited('Undo lines'),
    entered('Undo lines completed?'),
  ];

  test('is not left where nothing was parked', () => {
    expect(parkedSaga(execution, history(...undoing, entered('Undo reserve')), known)!.outcomes.lines).toBe('undone');
  });

  test('is left where the saga was about to park: the history does not say which items were undone', () => {
    const parking = history(...undoing, entered('Saga parks'));
    expect(parkedSaga(execution, parking, known)!.left.map(({ step }) => step)).toEqual(['lines']);
  });
});
