import { allStates, parseDefinition, type Flow } from '../../../lib/core/asl/definition';
import { covers } from '../../../lib/core/asl/errors';
import { expressionsOf } from '../../../lib/core/asl/expressions';
import { taskCall } from '../../../lib/core/asl/task';

const ORDER = {
  QueryLanguage: 'JSONata',
  StartAt: 'Charge',
  States: {
    Charge: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Arguments: { FunctionName: 'charge', Payload: { id: '{% $states.input.id %}', note: 'plain {% text' } },
      Retry: [{ ErrorEquals: ['Lambda.TooManyRequestsException'], MaxAttempts: 5, JitterStrategy: 'FULL' }],
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Failed', Assign: { why: '{% $states.errorOutput %}' } }],
      Next: 'Both',
    },
    Both: {
      Type: 'Parallel',
      Branches: [
        { StartAt: 'Ship', States: { Ship: { Type: 'Pass', QueryLanguage: 'JSONPath', InputPath: '$.a', End: true } } },
        { StartAt: 'Bill', States: { Bill: { Type: 'Wait', Seconds: '{% $n %}', End: true } } },
      ],
      Next: 'Which',
    },
    Which: {
      Type: 'Choice',
      Choices: [{ Condition: '{% $states.input.ok %}', Next: 'Done' }],
      Default: 'Failed',
    },
    Done: { Type: 'Succeed' },
    Failed: { Type: 'Fail' },
  },
};

function machine(definition: object): Flow {
  const parsed = parseDefinition(JSON.stringify(definition));
  if ('fault' in parsed) throw new Error(parsed.fault);
  return parsed.machine;
}

describe('a definition that is read', () => {
  const states = new Map(allStates(machine(ORDER)).map((state) => [state.name, state]));

  test('has its states in the order written, those of branches after the state that has them', () => {
    expect([...states.keys()]).toEqual(['Charge', 'Both', 'Ship', 'Bill', 'Which', 'Done', 'Failed']);
    expect(states.get('Bill')!.place).toEqual(['States', 'Both', 'Branches', 1, 'States', 'Bill']);
  });

  test('says where each of them goes, and which of them ends', () => {
    const ways = (name: string) => states.get(name)!.transitions.map(({ to, by }) => `${by} ${to}`);
    expect(ways('Charge')).toEqual(['Next Both', 'Catch Failed']);
    expect(ways('Which')).toEqual(['Choice Done', 'Default Failed']);
    expect([...states.values()].filter(({ end }) => end).map(({ name }) => name)).toEqual([
      'Ship',
      'Bill',
      'Done',
      'Failed',
    ]);
  });

  test('has the language of a state, of its machine where the state says none', () => {
    expect([states.get('Ship')!.language, states.get('Bill')!.language]).toEqual(['JSONPath', 'JSONata']);
  });

  test('fills in what a retrier does not say', () => {
    const [retrier] = states.get('Charge')!.retriers;
    expect(retrier).toMatchObject({ maxAttempts: 5, interval: 1, backoff: 2, maxDelay: undefined, jitter: true });
  });

  test('has the expressions of a state without those of the states inside', () => {
    const found = expressionsOf(states.get('Charge')!).map(({ field, source }) => `${field}: ${source.trim()}`);
    expect(found).toEqual(['Arguments: $states.input.id', 'Catch: $states.errorOutput']);
    expect(expressionsOf(states.get('Both')!)).toEqual([]);
    expect(expressionsOf(states.get('Ship')!)).toEqual([
      { kind: 'path', source: '$.a', field: 'InputPath', place: [...states.get('Ship')!.place, 'InputPath'] },
    ]);
  });

  test.each(['{', '[]', '1'])('refuses %s', (text) => {
    expect(parseDefinition(text)).toEqual({ fault: expect.stringMatching(/^is not/) });
  });
});

test.each([
  ['arn:aws:states:::sqs:sendMessage.waitForTaskToken', { service: 'sqs', api: 'sendMessage', waits: 'token' }],
  ['arn:aws:states:::states:startExecution.sync:2', { service: 'states', waits: 'job', sync: 2 }],
  ['arn:aws:states:::aws-sdk:dynamodb:putItem', { service: 'dynamodb', api: 'putItem', sdk: true, waits: 'answer' }],
  ['arn:aws-cn:states:::lambda:invoke', { kind: 'integration', service: 'lambda' }],
  ['arn:aws:states:eu-west-1:123456789012:activity:Look', { kind: 'activity' }],
  ['arn:aws:lambda:eu-west-1:123456789012:function:charge', { kind: 'function' }],
])('reads what a task calls of %s', (resource, expected) => {
  expect(taskCall(resource)).toMatchObject(expected);
});

test.each([
  [['States.ALL'], 'Custom', true],
  [['States.ALL'], 'States.Timeout', true],
  [['States.ALL'], 'States.DataLimitExceeded', false],
  [['States.ALL'], 'States.Runtime', false],
  [['States.Runtime'], 'States.Runtime', false],
  [['States.DataLimitExceeded'], 'States.DataLimitExceeded', true],
  [['States.TaskFailed'], 'Custom', true],
  [['States.TaskFailed'], 'States.Timeout', false],
  [['States.TaskFailed'], 'States.HeartbeatTimeout', false],
  [['States.Timeout'], 'States.HeartbeatTimeout', true],
  [['Other'], 'Custom', false],
])('%j covers %s: %s', (errors, error, expected) => {
  expect(covers(errors, error)).toBe(expected);
});
