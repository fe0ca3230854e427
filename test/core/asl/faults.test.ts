import { definitionFaults } from '../../../lib/core/asl/faults';

const TASK = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', End: true };

/** What is wrong with one state, or several. */
function faults(states: Record<string, object>, more: object = {}, express = false): readonly string[] {
  const [StartAt] = Object.keys(states);
  const definition = JSON.stringify({ QueryLanguage: 'JSONata', StartAt, States: states, ...more });
  return definitionFaults(definition, express).map(({ message, location }) => `${location} ${message}`);
}

const inside = (state: object) => ({ StartAt: 'In', States: { In: { ...state, End: true } } });

test('nothing is wrong with a machine that uses what it may', () => {
  expect(
    faults({
      Set: { Type: 'Pass', Assign: { total: '{% $sum($states.input.lines.price) %}' }, Next: 'Each' },
      Each: {
        Type: 'Map',
        Items: '{% $states.input.lines %}',
        ItemProcessor: inside({ Type: 'Pass', Assign: { own: 1 } }),
        Retry: [{ ErrorEquals: ['States.Timeout'] }, { ErrorEquals: ['States.ALL'] }],
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Old' }],
        Next: 'Old',
      },
      Old: { Type: 'Choice', Choices: [{ Condition: '{% $total > 1 %}', Next: 'Good' }], Default: 'Bad' },
      Good: { Type: 'Succeed', Output: '{% $total %}' },
      Bad: { Type: 'Fail', Error: 'Bad' },
    }),
  ).toEqual([]);
});

test.each([
  [
    'a field of the other language',
    { A: { ...TASK, Parameters: {} } },
    "/States/A/Parameters The field 'Parameters' is",
  ],
  [
    'a retrier where there is no task',
    { A: { Type: 'Pass', Retry: [], End: true } },
    "/States/A/Retry The field 'Retry' is",
  ],
  [
    'a variable that is reserved',
    { A: { Type: 'Pass', Assign: { states: 1 }, End: true } },
    "/States/A/Assign 'states' is not",
  ],
  ['a variable with a dot', { A: { Type: 'Pass', Assign: { 'a.b': 1 }, End: true } }, "/States/A/Assign 'a.b' is not"],
  [
    'States.ALL before another',
    { A: { ...TASK, Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['X'] }] } },
    '/States/A/Retry/0/ErrorEquals States.ALL must appear alone and in the last retrier',
  ],
  [
    'a variable of the flow around',
    {
      A: { Type: 'Pass', Assign: { x: 1 }, Next: 'B' },
      B: { Type: 'Parallel', Branches: [inside({ Type: 'Pass', Assign: { x: 2 } })], End: true },
    },
    "/States/B/Branches/0/States/In/Assign The variable 'x' is assigned by a flow around this one",
  ],
  ['a way that leads nowhere', { A: { Type: 'Pass', Next: 'B' } }, "/States/A/Next Missing 'Next' target: B"],
  [
    'a state that nothing leads to',
    { A: { Type: 'Succeed' }, B: { Type: 'Succeed' } },
    '/States/B State "B" is not reachable.',
  ],
  ['no end', { A: { Type: 'Pass', Next: 'A' } }, '/States No terminal state'],
  ['no way on', { A: { Type: 'Pass' } }, '/States/A These fields are required: [Next] or [End]'],
  ['a kind of state that is none', { A: { Type: 'Loop', End: true } }, "/States/A/Type Value is not valid: 'Loop'"],
  [
    'a setting among the states',
    { A: { Type: 'Succeed' }, QueryLanguage: 'JSONata' as never },
    '/States/QueryLanguage Expected value',
  ],
  [
    'the root of the input',
    { A: { Type: 'Succeed', Output: '{% $$.id %}' } },
    "/States/A/Output Reference to '$$' is not",
  ],
  [
    'an operator of a later JSONata',
    { A: { Type: 'Succeed', Output: '{% $x ?? 1 %}' } },
    "/States/A/Output The operator '??'",
  ],
  [
    'an expression that cannot be read',
    { A: { Type: 'Succeed', Output: '{% 1 + %}' } },
    '/States/A/Output Unexpected end',
  ],
])('refuses %s', (_what, states, expected) => {
  expect(faults(states)).toContainEqual(expect.stringContaining(expected));
});

test('refuses what an Express machine has not', () => {
  const waits = { ...TASK, Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken' };
  expect(faults({ A: waits }, {}, true)).toEqual([
    "/States/A/Resource Express state machine does not support '.waitForTaskToken' service integration ",
  ]);
});
