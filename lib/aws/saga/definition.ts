import { each, group } from './definition-groups';
import type { DefinitionContext } from './definition-members';
import { type Body, catchers, chained, NAMES, startOf } from './definition-states';
import { undoStates } from './definition-undo';
import { failureOf, fits, inner, IS_RESUMED, jsonata, quote, resumed, SAME_INPUT, STARTED_INPUT } from './expressions';
import { actionEvent, type StepInvocations, taskFields } from './invocation';
import { DEADLINE, INPUT_TOO_LARGE, TOO_LARGE } from './outcome';
import type { PlanNode, PlanStep, SagaPlan } from './plan';
import type { JsonObject } from '../../core/record';

/** Inputs of a definition besides the plan. */
export interface DefinitionParts {
  /** How each step is invoked, by name. */
  readonly invocations: ReadonlyMap<string, StepInvocations>;
  /** URL of the queue for parked sagas. */
  readonly queueUrl: string;
  /** Name of the bucket for results that are too large. */
  readonly claims?: string | undefined;
  /** ARN of the function that reads distributed lists, if there are any. */
  readonly lists?: string | undefined;
  /** Partition of the ARNs of integrations. */
  readonly partition: string;
  /** Seconds after which the service ends the execution. */
  readonly backstop: number;
  /** What an operator should read first. */
  readonly comment: string;
}

/**
 * The state machine of a saga. Its input passes from state to state; `$results` holds what steps returned, `$outcomes` their
 * outcomes, `$failed` why the saga turned around. Each failure leads to the wait for what may still be running, and from there
 * through the compensations in reverse.
 */
export function machineDefinition(plan: SagaPlan, parts: DefinitionParts): JsonObject {
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
            // Refuse what cannot be carried before anything is done.
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

/** The first state of a node. */
function entryOf(node: PlanNode, { deadline }: SagaPlan, first: boolean): string {
  return deadline === undefined || first ? startOf(node) : NAMES.inTime(node.name);
}

function nodeStates(node: PlanNode, next: string, context: DefinitionContext): Record<string, Body> {
  const entry = entryOf(node, context.plan, context.first);
  return {
    ...(entry === startOf(node) ? {} : { [entry]: gate(node) }),
    ...(node.kind === 'step' && node.steps[0].when === undefined
      ? { [node.name]: { ...step(node.steps[0], context), Next: next } }
      : node.kind === 'each'
        ? each(node, next, context)
        : group(node, next, context)),
  };
}

/** Nothing starts after the deadline. */
function gate(node: PlanNode): Body {
  const failed = `{'step': ${quote(node.name)}, 'error': '${DEADLINE}', 'cause': 'The saga ran out of time', 'wait': 0}`;
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

/** A single step: its result and outcome are known to all that follow. */
function step(planned: PlanStep, { plan, parts, lists }: DefinitionContext): Body {
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
