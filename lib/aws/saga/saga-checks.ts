import type { Check } from '../../core/check/check';
import { duration, flag, known, list, needed, number, object, oneOf, text, whole } from '../../core/check/kinds';
import { type ForeignNames, type Kind, type Shape, shapeChecks } from '../../core/check/shape';
import { DATA_LIMIT_EXCEEDED, RUNTIME, STATES_ERRORS } from '../../core/asl/errors';
import { inlineMapConcurrency, maxDelay, standardDuration } from '../../core/facts/step-functions';
import { functionInstead, HANDLER } from '../handler-settings';
import { claimChecks } from './claims/checks';
import { durableChecks, ownJsonata } from './durable/durable-checks';
import { expressionChecks } from './expression-checks';
import { limitChecks } from './limit-checks';
import type { PlanProps } from './planned';
import {
  isEach,
  isGroup,
  isTask,
  type SagaEach,
  type SagaGroup,
  type SagaRetry,
  type SagaStep,
  stepsOf,
} from './steps';
import { taskChecks } from './task-checks';

const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,39}$/;
const YEAR = { min: 1, max: standardDuration.value };

const WORK: Kind = {
  rule: 'must be a path, a path with settings, a function, or a Step Functions task',
  remedy: (value) =>
    functionInstead(value) ?? "write it as 'src/charge.ts', or { entry: 'src/charge.ts', access: { ... } }",
  is: (value) => HANDLER.is(value) || (typeof value === 'object' && value !== null && 'toStateJson' in value),
  inside: (value: never, prop) => (isTask(value) ? taskChecks(value, prop) : HANDLER.inside!(value, prop)),
};

/** A day and twenty attempts are bounds of ours: a saga in doubt for longer is one for people. */
const LONGEST_INTERVAL = 86_400;
const MOST_ATTEMPTS = 20;
/** Of ours as well: what a list of more items does is a batch job, not a saga. */
const MOST_ITEMS = 100_000;

/** The longest path is computed from all these numbers; values known only at deployment would be missing from it. */
const RETRY: Shape<SagaRetry> = {
  errors: list(text('Lambda.TooManyRequestsException'), "['Lambda.TooManyRequestsException']"),
  maxAttempts: known(whole({ min: 1, max: MOST_ATTEMPTS }, 'choose a number in that range; 5 suits most')),
  interval: known(duration({ min: 1, max: LONGEST_INTERVAL })),
  backoff: known(number),
  maxDelay: known(duration({ min: 1, max: maxDelay.value - 1 })),
};

const STEP: Shape<SagaStep> = {
  name: needed(known(text('charge')), "give the step a name of its own, such as 'charge'"),
  action: needed(WORK, "give the path of the module that exports 'handler'"),
  compensation: WORK,
  retry: object(RETRY, '{ maxAttempts: 3 }', {
    maxRetries: "write 'maxAttempts', the first included",
    backoffRate: "write 'backoff'",
  }),
  timeout: known(duration(YEAR)),
  when: text('{% $input.total > 0 %}'),
  waitFor: oneOf('callback'),
  heartbeat: known(duration(YEAR)),
};

const STEP_NAMES: ForeignNames = {
  compensate: "write 'compensation'",
  undo: "write 'compensation'",
  rollback: "write 'compensation'",
  handler: "write 'action'",
  input: "leave it out: a handler gets { input, results }, and a task's expressions can read $input and $results",
};

const STEP_KIND = object(
  STEP,
  "{ name: 'charge', action: 'src/charge.ts', compensation: 'src/refund.ts' }",
  STEP_NAMES,
);

const GROUP: Shape<SagaGroup> = { parallel: list(STEP_KIND, "[{ name: 'charge', ... }, { name: 'reserve', ... }]") };

const EACH: Shape<SagaEach> = {
  each: text('{% $input.lines %}'),
  step: needed(STEP_KIND, "give the step for each item: { name: 'reserve', action: 'src/reserve.ts' }"),
  maxItems: needed(known(whole({ min: 1, max: MOST_ITEMS })), 'give the maximum number of items'),
  concurrency: known(whole({ min: 1, max: inlineMapConcurrency.value })),
  distributed: flag,
};

/** A step, several in parallel, or one per item of a list. */
export const NODE: Kind = {
  ...STEP_KIND,
  rule: 'must be a step, { parallel: [...] }, or { each, step, maxItems }',
  inside: (value: object, prop) => {
    if ('parallel' in value) return shapeChecks(value, GROUP, `${prop}.`);
    if ('each' in value) return shapeChecks(value, EACH, `${prop}.`);
    return STEP_KIND.inside!(value as never, prop);
  },
};

/** Checks across a saga's steps. */
export function sagaChecks(props: PlanProps): Check[] {
  const all = props.steps.flatMap((node, index) => stepsOf(node, `steps.${index}`));
  const names = all.map(({ step }) => step.name.toLowerCase());
  return [
    {
      prop: 'steps',
      value: props.steps,
      valid: () => props.steps.length > 0,
      rule: 'must have at least one step',
      remedy: 'name what the saga does',
    },
    ...all.flatMap(({ step, prop }, index) => stepChecks(step, prop, names.indexOf(names[index]!) < index)),
    ...props.steps.flatMap((node, index) => nodeChecks(node, `steps.${index}`, props)),
    ...expressionChecks(props.steps),
    ...(props.engine === 'durable-function' ? durableChecks(props.steps) : []),
    ...(props.claimCheck ? claimChecks(props.steps) : []),
    ...limitChecks(props),
  ];
}

function stepChecks(step: SagaStep, prop: string, taken: boolean): Check[] {
  const { name, action, retry, timeout, waitFor, heartbeat } = step;
  return [
    {
      prop: `${prop}.name`,
      value: name,
      valid: () => NAME.test(name),
      rule: 'must be a letter followed by at most 39 letters, digits, hyphens and underscores',
      remedy: "choose a name such as 'charge'",
    },
    {
      prop: `${prop}.name`,
      value: name,
      valid: () => !(name in Object.prototype),
      rule: 'must not be the name of a property that every JavaScript object has',
      remedy: "choose a name such as 'charge'",
    },
    {
      prop: `${prop}.name`,
      value: name,
      valid: () => !taken,
      rule: 'must be unique among the steps, ignoring case',
      remedy: 'choose another name',
    },
    {
      prop: `${prop}.waitFor`,
      value: waitFor,
      valid: () => waitFor === undefined || !isTask(action),
      rule: 'must not be given with a task, which sets what it waits for itself',
      remedy: 'remove it, and give the task integrationPattern WAIT_FOR_TASK_TOKEN',
    },
    {
      prop: `${prop}.timeout`,
      value: timeout,
      valid: () => waitFor === undefined || timeout !== undefined,
      rule: "must be given with 'waitFor', or a step that never gets an answer waits for a year",
      remedy: 'give the longest time to wait for an answer',
    },
    {
      prop: `${prop}.heartbeat`,
      value: heartbeat,
      valid: () => heartbeat === undefined || waitFor !== undefined,
      rule: "must not be given without 'waitFor'",
      remedy: 'remove it',
    },
    {
      prop: `${prop}.heartbeat`,
      value: heartbeat,
      reads: [timeout],
      valid: () => heartbeat === undefined || timeout === undefined || heartbeat.toSeconds() < timeout.toSeconds(),
      rule: "must be less than 'timeout'",
      remedy: 'shorten it, or remove it if a person answers',
    },
    ...(retry === undefined ? [] : retryChecks(retry, `${prop}.retry`)),
  ];
}

function retryChecks({ errors = [], interval, backoff, maxDelay }: SagaRetry, prop: string): Check[] {
  const pause = interval?.isUnresolved() ? 0 : (interval?.toSeconds() ?? 2);
  return [
    ...errors.map((error, index) => ({
      prop: `${prop}.errors.${index}`,
      value: error,
      valid: () =>
        error !== '' &&
        (!error.startsWith('States.') || STATES_ERRORS.includes(error)) &&
        ![RUNTIME, DATA_LIMIT_EXCEEDED].includes(error) &&
        (error !== 'States.ALL' || errors.length === 1),
      rule: 'must be the name of an error that can be retried, and States.ALL must be the only one',
      remedy: "write the name of the handler's error, or one of Lambda's or Step Functions' own",
    })),
    {
      prop: `${prop}.backoff`,
      value: backoff,
      valid: () => backoff === undefined || (backoff >= 1 && backoff <= 10),
      rule: 'must be from 1 to 10',
      remedy: '2 suits most',
    },
    {
      prop: `${prop}.maxDelay`,
      value: maxDelay,
      reads: [interval],
      valid: () => (maxDelay?.toSeconds() ?? 60) > pause,
      rule: `must be more than 'interval' (${pause} seconds)`,
      remedy: 'lengthen it',
    },
  ];
}

function nodeChecks(node: PlanProps['steps'][number], prop: string, { claimCheck, engine }: PlanProps): Check[] {
  if (isGroup(node)) {
    return [
      {
        prop: `${prop}.parallel`,
        value: node.parallel.length,
        valid: () => node.parallel.length > 1,
        rule: 'must have at least two steps',
        remedy: 'write a single step without it',
      },
    ];
  }
  if (!isEach(node)) return [];
  return [
    {
      prop: `${prop}.step.when`,
      value: node.step.when,
      valid: () => node.step.when === undefined,
      rule: "must not be given within 'each'",
      remedy: "choose the items in 'each': '{% $input.lines[wanted] %}'",
    },
    {
      prop: `${prop}.distributed`,
      value: node.distributed,
      valid: () => node.distributed !== true || Boolean(claimCheck),
      rule: "must not be given without 'claimCheck', whose bucket holds the results",
      remedy: "set 'claimCheck' to true",
    },
    // A durable function checks all of its expressions.
    ...(node.distributed && engine !== 'durable-function'
      ? ownJsonata(node.each, `${prop}.each`, "of a list with 'distributed', which a function reads")
      : []),
  ];
}
