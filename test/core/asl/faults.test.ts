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

const PATHS = { QueryLanguage: 'JSONPath' };
const SEND = { Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage', End: true };
const sent = (more: object) => ({ A: { ...SEND, Parameters: { QueueUrl: 'q', MessageBody: 'x' }, ...more } });
const pass = (more: object) => ({ A: { Type: 'Pass', End: true, ...more } });
const choice = (rule: object) => ({
  A: { Type: 'Choice', Choices: [{ Next: 'B', ...rule }] },
  B: { Type: 'Succeed' },
});
const mapped = (processor: object, more: object = {}) => ({
  A: { Type: 'Map', End: true, ItemProcessor: { ...inside({ Type: 'Pass' }), ...processor }, ...more },
});
const distributed = { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } };

test.each([
  ['Next beside End', { ...pass({ Next: 'B' }), B: { Type: 'Succeed' } }, 'one of the following fields: [Next, End]'],
  ['a long name', { ['x'.repeat(81)]: { Type: 'Succeed' } }, 'exceeds the 80-character limit'],
  [
    'a name twice',
    { A: { Type: 'Parallel', End: true, Branches: [{ StartAt: 'A', States: pass({}) }] } },
    'Duplicate State name: A',
  ],
  ['a timeout of 0', sent({ TimeoutSeconds: 0 }), '/States/A/TimeoutSeconds Minimum value is 1'],
  ['a backoff under 1', sent({ Retry: [{ ErrorEquals: ['X'], BackoffRate: 0.5 }] }), 'BackoffRate Minimum value is 1'],
  ['too long a delay', sent({ Retry: [{ ErrorEquals: ['X'], MaxDelaySeconds: 31_622_401 }] }), 'Maximum value is'],
  ['a jitter that is none', sent({ Retry: [{ ErrorEquals: ['X'], JitterStrategy: 'HALF' }] }), '[NONE, FULL]'],
  [
    'a timeout in two ways',
    sent({ TimeoutSeconds: 1, TimeoutSecondsPath: '$.a' }),
    '[TimeoutSeconds, TimeoutSecondsPath]',
  ],
  ['a catcher that leads nowhere', sent({ Catch: [{ ErrorEquals: ['X'] }] }), '/States/A/Catch/0 These fields'],
  ['two times to wait', { A: { Type: 'Wait', Seconds: 1, SecondsPath: '$.a', End: true } }, 'one of the following'],
  ['a time without a zone', { A: { Type: 'Wait', Timestamp: '2030-01-31T08:30:00', End: true } }, 'RFC3339'],
  ['an integration without parameters', { A: SEND }, 'Parameters field is required'],
  ['a message to no queue', sent({ Parameters: { 'MessageBody.$': '$' } }), "The field 'QueueUrl' is required"],
  ['a path without $', pass({ InputPath: 'a.b' }), 'Value must be a valid JSONPath.'],
  ['a result for many places', pass({ ResultPath: '$.a[*]' }), 'Value is not a Reference Path'],
  ['a parameter that is no path', pass({ Parameters: { a: { 'b.$': 'c' } } }), '/States/A/Parameters/a/b.$ The value'],
  ['a field of another type', pass({ Choices: [] }), "The field 'Choices' is not supported in a Pass state"],
  ['two comparisons', choice({ Variable: '$.a', IsNull: true, IsPresent: true }), 'should only be one comparison'],
  ['a test of nothing', choice({ IsNull: true }), 'must have only one of'],
  ['a way on within a test', choice({ Not: { Variable: '$.a', IsNull: true, Next: 'B' } }), "Field 'Next' is not"],
  ['a rule that leads nowhere', choice({ Next: undefined, Variable: '$.a', IsNull: true }), '[Next]'],
  ['items of no execution type', mapped({ ProcessorConfig: { Mode: 'DISTRIBUTED' } }), '[ExecutionType]'],
  ['an execution type inline', mapped({ ProcessorConfig: { ExecutionType: 'STANDARD' } }), "'ExecutionType' is not"],
  ['fewer than none at once', mapped({}, { MaxConcurrency: -1 }), 'Minimum value is 0'],
])('refuses %s', (_what, states, expected) => {
  expect(faults(states, PATHS)).toContainEqual(expect.stringContaining(expected));
});

test('takes what looks like a fault and is none', () => {
  const rules = { And: [{ Variable: '$.a', IsPresent: true }, { Not: { Variable: '$.a', StringMatches: 'x*' } }] };
  expect(faults(sent({ Retry: [{ ErrorEquals: ['X'], IntervalSeconds: 0, MaxAttempts: 0 }] }), PATHS)).toEqual([]);
  expect(faults(choice(rules), PATHS)).toEqual([]);
  const until = { A: { Type: 'Wait', Timestamp: '2030-01-31T08:30:00+02:00', End: true } };
  expect(faults(until, PATHS)).toEqual([]);
  expect(faults(mapped(distributed, { MaxConcurrencyPath: '$.max', Label: 'x' }), PATHS)).toEqual([]);
  expect(
    faults(pass({ InputPath: null, ResultPath: '$.a[0]', Parameters: { 'id.$': 'States.UUID()' } }), PATHS),
  ).toEqual([]);
});

test('refuses JSONata that is not closed', () => {
  expect(faults({ A: { Type: 'Succeed', Output: { a: ['{% 1'] } } })).toEqual([
    '/States/A/Output/a/0 JSONata string must start with {% and end with %}',
  ]);
});

test('refuses distributed items and activities of an Express machine', () => {
  expect(faults(mapped(distributed), PATHS, true)).toEqual([expect.stringContaining("value 'DISTRIBUTED'")]);
  const Resource = 'arn:aws:states:us-east-1:123456789012:activity:Pack';
  expect(faults({ A: { Type: 'Task', Resource, End: true } }, PATHS, true)).toEqual([
    expect.stringContaining('does not support Activity ARN'),
  ]);
});

test('refuses what an Express machine has not', () => {
  const waits = {
    ...TASK,
    Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
    Arguments: { QueueUrl: 'q', MessageBody: 'x' },
  };
  expect(faults({ A: waits }, {}, true)).toEqual([
    "/States/A/Resource Express state machine does not support '.waitForTaskToken' service integration ",
  ]);
});
