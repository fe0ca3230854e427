import { type Body, catchers, chained, NAMES } from './definition-states';
import { undoStates } from './definition-undo';
import {
  ERROR_FIELDS,
  failureOf,
  fits,
  IS_RESUMED,
  jsonata,
  outcomeOf,
  quote,
  resumed,
  SAME_INPUT,
  STARTED_INPUT,
} from './expressions';
import { EXECUTION, type Json, type StepInvocations, taskFields } from './invocation';
import { DEADLINE, TOO_LARGE } from './outcome';
import { keySuffix, type PlanNode, type PlanStep, type SagaPlan } from './plan';

/** What a definition is made of besides the plan. */
export interface DefinitionParts {
  /** How each step is called, by its name. */
  readonly invocations: ReadonlyMap<string, StepInvocations>;
  /** URL of the queue in which parked sagas wait. */
  readonly queueUrl: string;
  /** Partition of the ARNs of integrations. */
  readonly partition: string;
  /** Seconds after which the service ends the execution. */
  readonly backstop: number;
  /** What an operator reads first. */
  readonly comment: string;
}

/**
 * The state machine of a saga. Its input goes from state to state; `$results` holds what steps returned, `$outcomes` what
 * became of them, `$failed` why the saga turned round. Each failure leads to the wait for what may still run, and from there
 * through the compensations in reverse.
 */
export function machineDefinition(plan: SagaPlan, parts: DefinitionParts): Json {
  const lists = plan.nodes.some(({ kind }) => kind === 'each');
  const [first] = plan.nodes;
  const carried = ['key', 'input', 'results', 'outcomes', 'failed', ...(lists ? ['items'] : [])];
  return {
    Comment: parts.comment,
    QueryLanguage: 'JSONata',
    TimeoutSeconds: parts.backstop,
    StartAt: NAMES.begins,
    States: {
      [NAMES.begins]: {
        Type: 'Choice',
        Choices: [
          {
            Condition: jsonata(IS_RESUMED),
            Assign: Object.fromEntries(carried.map((name) => [name, resumed(name)])),
            Output: resumed('input'),
            Next: NAMES.settles,
          },
        ],
        Assign: {
          key: jsonata('$states.context.Execution.Name'),
          input: STARTED_INPUT,
          results: {},
          outcomes: {},
          failed: {},
          ...(lists && { items: {} }),
          ...(plan.deadline !== undefined && { deadline: jsonata(`$millis() + ${plan.deadline * 1000}`) }),
        },
        Output: STARTED_INPUT,
        Default: first ? entryOf(first, plan, true) : NAMES.done,
      },
      ...chained(
        plan.nodes,
        NAMES.done,
        (node) => entryOf(node, plan, node === first),
        (node, next) => nodeStates(node, next, { plan, parts, lists, first: node === first }),
      ),
      [NAMES.done]: { Type: 'Succeed', Output: jsonata('$results') },
      ...undoStates(plan, parts, lists),
    },
  };
}

interface Place {
  readonly plan: SagaPlan;
  readonly parts: DefinitionParts;
  readonly lists: boolean;
  readonly first: boolean;
}

/** The state with which a node begins. */
function entryOf(node: PlanNode, { deadline }: SagaPlan, first: boolean): string {
  return deadline === undefined || first ? startOf(node) : NAMES.inTime(node.name);
}

function startOf(node: PlanNode): string {
  if (node.kind === 'each') return NAMES.list(node.name);
  return node.kind === 'step' && node.steps[0].when !== undefined ? NAMES.maybe(node.name) : node.name;
}

function nodeStates(node: PlanNode, next: string, place: Place): Record<string, Body> {
  const entry = entryOf(node, place.plan, place.first);
  return {
    ...(entry === startOf(node) ? {} : { [entry]: gate(node) }),
    ...(node.kind === 'step' && node.steps[0].when === undefined
      ? { [node.name]: { ...step(node.steps[0], place), Next: next } }
      : node.kind === 'each'
        ? each(node, next, place)
        : group(node, next, place)),
  };
}

/** Nothing is begun after the deadline. */
function gate(node: PlanNode): Body {
  const failed = `{'step': ${quote(node.name)}, 'error': '${DEADLINE}', 'cause': 'The time of the saga was over', 'wait': 0}`;
  return {
    Type: 'Choice',
    Choices: [
      {
        Condition: jsonata('$millis() >= $deadline'),
        Assign: { failed: jsonata(failed) },
        Next: NAMES.settles,
      },
    ],
    Default: startOf(node),
  };
}

function eventOf({ name }: PlanStep): Json {
  return {
    input: jsonata('$input'),
    results: jsonata('$results'),
    idempotencyKey: jsonata(`$key & ${quote(keySuffix(name, 'action'))}`),
    execution: EXECUTION,
  };
}

/** A step alone: what it returned and what became of it is known to all that follow. */
function step(planned: PlanStep, { plan, parts, lists }: Place): Body {
  const { name, action } = planned;
  const invocation = parts.invocations.get(name)!.action;
  const all = lists ? '[$input, $items, $r]' : '[$input, $r]';
  return {
    ...taskFields(action, invocation, eventOf(planned), plan.deadline !== undefined),
    Assign: {
      results: jsonata(
        `($r := $merge([$results, {${quote(name)}: ${invocation.result}}]); ${fits(all)} ? $r : $error('${TOO_LARGE}'))`,
      ),
      outcomes: jsonata(`$merge([$outcomes, {${quote(name)}: 'completed'}])`),
    },
    Output: SAME_INPUT,
    Catch: catchers({
      Assign: { failed: failureOf(`'step': ${quote(name)}`, action.settle) },
      Output: SAME_INPUT,
      Next: NAMES.settles,
    }),
  };
}

/** A step that never fails: it ends with what became of it, and who is around it decides. */
function member(planned: PlanStep, fields: string, event: Json, { plan, parts }: Place): Record<string, Body> {
  const { name, action, when } = planned;
  const invocation = parts.invocations.get(name)!.action;
  const ended = NAMES.ended(name);
  return {
    ...(when !== undefined && {
      [NAMES.when(name)]: {
        Type: 'Choice',
        Choices: [{ Condition: jsonata(`(${inner(when)}) = true`), Next: name }],
        Output: jsonata(`{${fields}, 'ok': true, 'outcome': 'skipped'}`),
        Default: ended,
      },
    }),
    [name]: {
      ...taskFields(action, invocation, event, plan.deadline !== undefined),
      Output: jsonata(`{${fields}, 'ok': true, 'outcome': 'completed', 'result': ${invocation.result}}`),
      Catch: catchers({
        Output: failureOf(fields, action.settle),
        Next: ended,
      }),
      End: true,
    },
    [ended]: { Type: 'Succeed' },
  };
}

/** Steps at once. All of them end before anything is undone; where the group itself fails, nobody knows what they did. */
function group(node: PlanNode, next: string, place: Place): Record<string, Body> {
  const names = node.steps.map(({ name }) => name);
  const results = `$merge($append([$results], $states.result[outcome = 'completed'].{step: result}))`;
  return {
    [startOf(node)]: {
      Type: 'Parallel',
      Branches: node.steps.map((planned) => ({
        StartAt: planned.when === undefined ? planned.name : NAMES.when(planned.name),
        States: member(planned, `'step': ${quote(planned.name)}`, eventOf(planned), place),
      })),
      Assign: {
        ...merged(results, place),
        outcomes: jsonata(`$merge($append([$outcomes], $states.result.{step: ok ? outcome : ${outcomeOf()}}))`),
        failed: failure(node.name, results, place),
      },
      Output: SAME_INPUT,
      Catch: lostTrack(node, `{${names.map((name) => `${quote(name)}: 'unknown'`).join(', ')}}`),
      Next: NAMES.judged(node.name),
    },
    [NAMES.judged(node.name)]: judged(next),
  };
}

/** A step for each item. The list is read first, by itself, so that an expression that fails is known to have done nothing. */
function each(node: PlanNode & { kind: 'each' }, next: string, place: Place): Record<string, Body> {
  const { name, items, maxItems, concurrency } = node;
  const [planned] = node.steps;
  const read = NAMES.read(name);
  const event = {
    ...eventOf(planned),
    idempotencyKey: jsonata(`$key & ${quote(keySuffix(name, 'action', ''))} & $string($states.input.index)`),
    item: jsonata('$states.input.item'),
    index: jsonata('$states.input.index'),
  };
  const listed =
    `($list := [${inner(items)}]; $count($list) > ${maxItems} ? $error('more than ${maxItems} items') ` +
    `: ${fits('[$input, $results, $items, $list]')} ? $list : $error('${TOO_LARGE}'))`;
  const results = `$merge([$results, {${quote(name)}: [$states.result[outcome = 'completed'].{'index': index, 'result': result}]}])`;
  return {
    [NAMES.list(name)]: {
      Type: 'Parallel',
      Branches: [{ StartAt: read, States: { [read]: { Type: 'Pass', Output: { list: jsonata(listed) }, End: true } } }],
      Assign: { items: jsonata(`$merge([$items, {${quote(name)}: [$states.result[0].list]}])`) },
      Output: SAME_INPUT,
      Catch: catchers({
        Assign: { failed: jsonata(`{'step': ${quote(name)}, ${ERROR_FIELDS}, 'wait': 0}`) },
        Output: SAME_INPUT,
        Next: NAMES.settles,
      }),
      Next: NAMES.each(name),
    },
    [NAMES.each(name)]: {
      Type: 'Map',
      Items: jsonata(`$lookup($items, ${quote(name)})`),
      ItemSelector: ITEM,
      MaxConcurrency: concurrency,
      ItemProcessor: {
        ProcessorConfig: { Mode: 'INLINE' },
        StartAt: name,
        States: member(planned, `'index': $states.input.index`, event, place),
      },
      Assign: {
        ...merged(results, place),
        outcomes: jsonata(`$merge([$outcomes, {${quote(name)}: [$states.result.(ok ? outcome : ${outcomeOf()})]}])`),
        failed: failure(name, results, place),
      },
      Output: SAME_INPUT,
      Catch: lostTrack(node, `{${quote(name)}: 'unknown'}`),
      Next: NAMES.judged(name),
    },
    [NAMES.judged(name)]: judged(next),
  };
}

/** What an iteration gets. */
export const ITEM = {
  item: jsonata('$states.context.Map.Item.Value'),
  index: jsonata('$states.context.Map.Item.Index'),
};

/** Results that fit; those that do not are left out, and the saga turns round. */
function merged(results: string, { lists }: Place): Json {
  const all = lists ? '[$input, $items, $r]' : '[$input, $r]';
  return { results: jsonata(`($r := ${results}; ${fits(all)} ? $r : $results)`) };
}

/** Why the saga turns round after a group; empty where it goes on. */
function failure(name: string, results: string, { lists }: Place): string {
  const all = lists ? `[$input, $items, ${results}]` : `[$input, ${results}]`;
  return jsonata(
    `($bad := [$states.result[ok = false]]; $count($bad) > 0 ` +
      `? {'step': ${quote(name)}, 'error': $bad[0].error, 'cause': $bad[0].cause, 'wait': $max($bad.(${outcomeOf()} = 'unknown' ? settle : 0))} ` +
      `: ${fits(all)} ? {} : {'step': ${quote(name)}, 'error': '${TOO_LARGE}', 'cause': '', 'wait': 0})`,
  );
}

/** Where a group itself fails, its branches were stopped, but not what they called. */
function lostTrack({ name, steps }: PlanNode, outcomes: string): readonly Body[] {
  const wait = Math.max(...steps.map(({ action }) => action.settle));
  return catchers({
    Assign: {
      outcomes: jsonata(`$merge([$outcomes, ${outcomes}])`),
      failed: jsonata(`{'step': ${quote(name)}, ${ERROR_FIELDS}, 'wait': ${wait}}`),
    },
    Output: SAME_INPUT,
    Next: NAMES.settles,
  });
}

function judged(next: string): Body {
  return {
    Type: 'Choice',
    Choices: [{ Condition: jsonata('$exists($failed.step)'), Next: NAMES.settles }],
    Default: next,
  };
}

/** JSONata without its marks. */
function inner(text: string): string {
  return text.trim().slice(2, -2).trim();
}
