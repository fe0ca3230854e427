import { each, group } from './definition-groups';
import type { Place } from './definition-members';
import { type Body, catchers, chained, NAMES, startOf } from './definition-states';
import { undoStates } from './definition-undo';
import { failureOf, fits, inner, IS_RESUMED, jsonata, quote, resumed, SAME_INPUT, STARTED_INPUT } from './expressions';
import { actionEvent, type Json, type StepInvocations, taskFields } from './invocation';
import { DEADLINE, INPUT_TOO_LARGE, TOO_LARGE } from './outcome';
import type { PlanNode, PlanStep, SagaPlan } from './plan';

/** What a definition is made of besides the plan. */
export interface DefinitionParts {
  /** How each step is called, by its name. */
  readonly invocations: ReadonlyMap<string, StepInvocations>;
  /** URL of the queue in which parked sagas wait. */
  readonly queueUrl: string;
  /** Name of the bucket in which results are that are too large. */
  readonly claims?: string | undefined;
  /** ARN of the function that reads distributed lists; none where there are none. */
  readonly lists?: string | undefined;
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
  const begun = {
    key: jsonata('$states.context.Execution.Name'),
    input: STARTED_INPUT,
    results: {},
    outcomes: {},
    ...(lists && { items: {} }),
  };
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
          {
            // What cannot be carried along is refused while nothing is done.
            Condition: jsonata(`$not(${fits(`[${inner(STARTED_INPUT)}]`)})`),
            Assign: { ...begun, failed: INPUT_TOO_LARGE },
            Output: {},
            Next: NAMES.settles,
          },
        ],
        Assign: {
          ...begun,
          failed: {},
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

/** The state with which a node begins. */
function entryOf(node: PlanNode, { deadline }: SagaPlan, first: boolean): string {
  return deadline === undefined || first ? startOf(node) : NAMES.inTime(node.name);
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

/** A step alone: what it returned and what became of it is known to all that follow. */
function step(planned: PlanStep, { plan, parts, lists }: Place): Body {
  const { name, action } = planned;
  const invocation = parts.invocations.get(name)!.action;
  const all = lists ? '[$input, $items, $r]' : '[$input, $r]';
  return {
    ...taskFields(action, invocation, actionEvent(planned), plan.deadline !== undefined),
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
