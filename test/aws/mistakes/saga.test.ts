import { App, Aws, Duration, Stack, Token } from 'aws-cdk-lib';
import { Pass, QueryLanguage, TaskInput } from 'aws-cdk-lib/aws-stepfunctions';
import { SqsSendMessage } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Saga } from 'lintel/aws';

/** Props as somebody writes them who has no type check. */
type Loose = Record<string, unknown>;

const HANDLER = 'test/aws/mistakes/handler.ts';
const a = { name: 'a', action: HANDLER };
let stack: Stack;
let count = 0;
beforeEach(() => {
  stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Shop');
});

const make = (props: Loose) => () => new Saga(new Stack(stack, `Stack${count++}`), 'It', props as never);
const steps = (...nodes: Loose[]) => ({ steps: nodes });
const each = (props: Loose) => steps({ each: '{% $input.lines %}', step: a, maxItems: 5, ...props });

test.each<[string, Loose, string]>([
  ['no steps', {}, "'steps' must be given, got nothing; name what the saga does"],
  ['an empty list', steps(), "'steps' must have at least one step, got []; name what the saga does"],
  [
    'an engine that does not exist, beside an empty list',
    { engine: 'durable', steps: [] },
    "'steps' must have at least one step, got []; name what the saga does",
  ],
  [
    'a definition of CDK',
    { ...steps(a), definitionBody: {} },
    "'definitionBody' must not be given, since nothing reads it; write 'steps'",
  ],
  [
    'Express',
    { ...steps(a), stateMachineType: 'EXPRESS' },
    "'stateMachineType' must not be given, since nothing reads it; leave it out: a saga is a Standard workflow, since Express may run twice",
  ],
  [
    'a step without a name',
    steps({ action: HANDLER }),
    "'steps.0.name' must be given, got nothing; give the step a name of its own, such as 'charge'",
  ],
  [
    'a name with a space',
    steps({ ...a, name: 'charge card' }),
    "'steps.0.name' must be a letter followed by at most 39 letters, digits, hyphens and underscores, got 'charge card'; choose a name such as 'charge'",
  ],
  [
    'a name that is taken',
    steps(a, { ...a, name: 'A' }),
    "'steps.1.name' must be unique among the steps, ignoring case, got 'A'; choose another name",
  ],
  [
    'a name that every object has',
    steps({ ...a, name: 'constructor' }),
    "'steps.0.name' must not be the name of a property that every JavaScript object has, got 'constructor'",
  ],
  [
    'a condition on a step that there is not',
    steps(a, { ...a, name: 'b', when: '{% $results.aa.ok %}' }),
    "'steps.1.when' must only read results of earlier steps, not of 'aa', got '{% $results.aa.ok %}'; write one of them: 'a'",
  ],
  [
    'a condition on a step beside it',
    steps({ parallel: [a, { ...a, name: 'b', when: '{% $results.`a`.ok %}' }] }),
    "'steps.0.parallel.1.when' must only read results of earlier steps, not of 'a', got '{% $results.`a`.ok %}'; read $input",
  ],
  [
    'a condition with a value of the deployment on a durable function, whose code holds it',
    { ...steps({ ...a, when: `{% $input.region = '${Aws.REGION}' %}` }), engine: 'durable-function' },
    "'steps.0.when' must be known at synthesis with 'engine' 'durable-function', whose code contains it",
  ],
  [
    'a step without an action',
    steps({ name: 'a' }),
    "'steps.0.action' must be given, got nothing; give the path of the module that exports 'handler'",
  ],
  [
    'compensate',
    steps({ ...a, compensate: HANDLER }),
    "'steps.0.compensate' must not be given, since nothing reads it; write 'compensation'",
  ],
  [
    'an action that is not there',
    steps({ ...a, action: 'src/nowhere.ts' }),
    "'steps.0.action' must be the path of a file, relative to the working directory (there is none at 'src/nowhere.ts')",
  ],
  [
    'JSONPath',
    steps({ ...a, when: '$.total' }),
    "'steps.0.when' must be JSONata between {% and %}, got '$.total'; write it as '{% $input.lines %}'",
  ],
  [
    'a bare name',
    steps({ ...a, when: '{% total > 0 %}' }),
    "'steps.0.when' must not read 'total' without a variable, since Step Functions has no root context, got '{% total > 0 %}'; write $input.total",
  ],
  [
    'an unknown variable',
    steps({ ...a, when: '{% $inputs.total > 0 %}' }),
    "'steps.0.when' must read variables that exist, not $inputs, got '{% $inputs.total > 0 %}'; read $input, $results or $key",
  ],
  [
    '$eval',
    steps({ ...a, when: '{% $eval($input.rule) %}' }),
    "'steps.0.when' must call functions that exist, not $eval, got '{% $eval($input.rule) %}'; read $input, $results or $key",
  ],
  ['an expression that cannot be read', each({ each: '{% $input. %}' }), "'steps.0.each' must be valid JSONata ("],
  [
    'an answer that is awaited for ever',
    steps({ ...a, waitFor: 'callback' }),
    "'steps.0.timeout' must be given with 'waitFor', or a step that never gets an answer waits for a year, got nothing; give the longest time to wait for an answer",
  ],
  [
    'a heartbeat of nobody',
    steps({ ...a, heartbeat: Duration.minutes(1) }),
    "'steps.0.heartbeat' must not be given without 'waitFor', got 1 minute; remove it",
  ],
  [
    'a heartbeat as long as the timeout',
    steps({ ...a, waitFor: 'callback', timeout: Duration.hours(1), heartbeat: Duration.hours(1) }),
    "'steps.0.heartbeat' must be less than 'timeout', got 1 hour; shorten it, or remove it if a person answers",
  ],
  [
    'an invented error',
    steps({ ...a, retry: { errors: ['States.Everything'] } }),
    "'steps.0.retry.errors.0' must be the name of an error that can be retried, and States.ALL must be the only one, got 'States.Everything'; ",
  ],
  [
    'States.ALL beside others',
    steps({ ...a, retry: { errors: ['Busy', 'States.ALL'] } }),
    "'steps.0.retry.errors.1' must be the name of an error that can be retried, and States.ALL must be the only one, got 'States.ALL'; ",
  ],
  [
    'a pause that is longer than the longest',
    steps({ ...a, retry: { interval: Duration.minutes(2) } }),
    "'steps.0.retry.maxDelay' must be more than 'interval' (120 seconds), got nothing; lengthen it",
  ],
  [
    'a back-off that shrinks',
    steps({ ...a, retry: { backoff: 0.5 } }),
    "'steps.0.retry.backoff' must be from 1 to 10, got 0.5; 2 suits most",
  ],
  [
    'a handler around which nothing can be bundled, with claimCheck',
    { ...steps({ ...a, compensation: { entry: 'a.ts', handler: 'index.undo' } }), claimCheck: true },
    "'steps.0.compensation' must be the path of a module that exports 'handler' with 'claimCheck', since code that reads large data is bundled around it, got { entry: 'a.ts', handler: 'index.undo' }; give its path, with settings or without",
  ],
  [
    'a group of one',
    steps({ parallel: [a] }),
    "'steps.0.parallel' must have at least two steps, got 1; write a single step without it",
  ],
  [
    'a condition for each item',
    each({ step: { ...a, when: '{% true %}' } }),
    "'steps.0.step.when' must not be given within 'each', got '{% true %}'; choose the items in 'each': '{% $input.lines[wanted] %}'",
  ],
  [
    'a distributed list without a bucket',
    each({ distributed: true }),
    "'steps.0.distributed' must not be given without 'claimCheck', whose bucket holds the results, got true; set 'claimCheck' to true",
  ],
  [
    'a distributed list that reads what only a state machine has',
    { ...each({ distributed: true, each: '{% $states.input.lines %}' }), claimCheck: true },
    "'steps.0.each' must not use $states of a list with 'distributed', which a function reads: only Step Functions has it",
  ],
  [
    'a list of any length',
    steps({ each: '{% $input.lines %}', step: a }),
    "'steps.0.maxItems' must be given, got nothing; give the maximum number of items",
  ],
  [
    'more at once than run',
    each({ concurrency: 100 }),
    "'steps.0.concurrency' must be a whole number from 1 to 40, got 100; choose a value in that range, or remove it",
  ],
  [
    'a list whose history could be too long',
    each({ step: { ...a, compensation: HANDLER }, maxItems: 1000 }),
    "'steps.0.maxItems' must take at most 20000 events of a history, whose 25000th ends a saga without a compensation; forward, all retries and the undo take 57083, got 1000; lower it to 349, retry less often, set 'distributed' and 'claimCheck', or start a saga for each part of the list",
  ],
  [
    'a saga of more than a year',
    steps(
      { ...a, waitFor: 'callback', timeout: Duration.days(200) },
      { ...a, name: 'b', waitFor: 'callback', timeout: Duration.days(200) },
    ),
    "'steps' must end within an execution's limit of one year, with all retries and the undo; the longest path takes 2001 days",
  ],
])('refuses %s', (_, props, message) => {
  expect(make(props)).toThrow(message);
});

const LATER = Token.asNumber({ Ref: 'Number' });
const later = Duration.seconds(LATER);
test.each<[string, Loose]>([
  ['timeout', { ...steps(a), timeout: later }],
  ['steps.0.timeout', steps({ ...a, timeout: later })],
  ['steps.0.heartbeat', steps({ ...a, waitFor: 'callback', timeout: Duration.days(1), heartbeat: later })],
  ['steps.0.retry.maxAttempts', steps({ ...a, retry: { maxAttempts: LATER } })],
  ['steps.0.retry.interval', steps({ ...a, retry: { interval: later } })],
  ['steps.0.retry.maxDelay', steps({ ...a, retry: { maxDelay: later } })],
  ['steps.0.retry.backoff', steps({ ...a, retry: { backoff: LATER } })],
  ['steps.0.maxItems', each({ maxItems: LATER })],
  ['steps.0.concurrency', each({ concurrency: LATER })],
])('refuses %s that only the deployment knows, which the longest way would leave out', (prop, props) => {
  expect(make(props)).toThrow(
    new RegExp(`'${prop}' must be .*known when the program runs, got a value that is known only`),
  );
});

test('refuses a longest pause that Step Functions refuses', () => {
  const paused = (seconds: number) =>
    make(steps({ ...a, retry: { maxAttempts: 2, maxDelay: Duration.seconds(seconds) } }));
  expect(paused(31_622_400)).toThrow("'steps.0.retry.maxDelay' must be a whole number from 1 to 31622399 seconds");
  expect(paused(31_622_399)).not.toThrow(/31622399/);
});

test('a length of no items is told once', () => {
  expect(make(each({ maxItems: 0 }))).toThrow(
    /^'steps\.0\.maxItems' must be a whole number from 1 to 100000, got 0; choose a value in that range \(/,
  );
});

test('refuses tasks that say what the saga decides, or are in JSONPath, or are no tasks', () => {
  const queue = new Queue(stack, 'Queue');
  const send = (id: string) => new SqsSendMessage(stack, id, { queue, messageBody: TaskInput.fromText('x') });
  const retried = send('Retried');
  retried.addRetry();
  expect(make(steps({ ...a, action: retried }))).toThrow(
    "'steps.0.action' must not have Retry, got 'Shop/Retried'; set 'retry' on the step",
  );
  const paths = new SqsSendMessage(stack, 'Paths', { queue, messageBody: TaskInput.fromJsonPathAt('$.body') });
  expect(make(steps({ ...a, action: paths }))).toThrow("'steps.0.action' must be a task in JSONata, got 'Shop/Paths'");
  const typo = SqsSendMessage.jsonata(stack, 'Typo', { queue, messageBody: TaskInput.fromText('{% $inputs.id %}') });
  expect(make(steps({ ...a, action: typo }))).toThrow(
    "'steps.0.action' must read variables that exist, not $inputs, got '{% $inputs.id %}'; read $input, $results or $key",
  );
  const pass = new Pass(stack, 'Pass', { queryLanguage: QueryLanguage.JSONATA });
  expect(make(steps({ ...a, action: pass }))).toThrow("'steps.0.action' must be a task, got 'Shop/Pass'");
  expect(make(steps({ ...a, action: send('Job'), waitFor: 'callback', timeout: Duration.hours(1) }))).toThrow(
    "'steps.0.waitFor' must not be given with a task, which sets what it waits for itself, got 'callback'",
  );
});

test('refuses all mistakes at once', () => {
  const mistaken = make(
    steps({ ...a, when: 'x' }, { ...a, retry: { backoff: 0 } }, { parallel: [{ ...a, name: 'b' }] }),
  );
  expect(mistaken).toThrow(/steps\.0\.when[^]*steps\.1\.name|steps\.1\.name[^]*steps\.0\.when/);
  expect(mistaken).toThrow('steps.1.retry.backoff');
  expect(mistaken).toThrow('steps.2.parallel');
});

test('a list of the length that is named is accepted, and no longer one', () => {
  expect(make(each({ step: { ...a, compensation: HANDLER }, maxItems: 350 }))).toThrow('lower it to 349');
  expect(make(each({ step: { ...a, compensation: HANDLER }, maxItems: 349 }))).not.toThrow();
});

test('refuses an inline list beside a distributed one with the length that it may have', () => {
  const list = (name: string, more: object) => ({
    each: '{% $input.lines %}',
    maxItems: 5000,
    step: { name, action: HANDLER },
    ...more,
  });
  const both = { claimCheck: true, ...steps(list('a', { distributed: true }), list('b', {})) };
  expect(make(both)).toThrow(/'steps\.1\.maxItems' must take at most 20000 .* lower it to \d+, /);
});
