import type { DefinitionParts } from './definition';
import { reversed } from './claims/left-list';
import { claimOfList, listReader } from './definition-lists';
import { type Body, catchers, chained, NAMES } from './definition-states';
import { begun, DISTRIBUTED, outerNames, withOwnNames } from './distributed';
import { ERROR_FIELDS, fits, jsonata, outcomeOf, quote, SAME_INPUT, undoable } from './expressions';
import { EXECUTION, retriers, taskFields } from './invocation';
import { PARK_TIMEOUT } from './limits';
import { ENDS } from './outcome';
import { keySuffix, PARK_RETRY, type PlanNode, type PlanStep, type SagaPlan, undoOrder } from './plan';
import type { JsonObject } from '../../core/record';

/** Input of an undo iteration. */
const VALUE = '$states.context.Map.Item.Value';
const ALONE = '$exists($failed.settle)';

type Undo = ReturnType<typeof undoOrder>[number];

/** What happens once a saga has turned around: the wait, the compensations in reverse, and the message if one fails. */
export function undoStates(plan: SagaPlan, parts: DefinitionParts, lists: boolean): Record<string, Body> {
  const order = undoOrder(plan);
  const entry = ({ step }: Undo) => NAMES.toUndo(step.name);
  const [last] = order;
  return {
    [NAMES.settles]: {
      Type: 'Wait',
      // Sets the outcome of a single step here, unless already set.
      Seconds: jsonata(`${ALONE} ? (${outcomeOf('$failed.')} = 'unknown' ? $failed.settle : 0) : $failed.wait`),
      Assign: {
        outcomes: jsonata(`${ALONE} ? $merge([{$failed.step: ${outcomeOf('$failed.')}}, $outcomes]) : $outcomes`),
      },
      Next: last === undefined ? NAMES.undone : entry(last),
    },
    ...chained(order, NAMES.undone, entry, (undo, next) => ({
      [entry(undo)]: toUndo(undo, next, plan),
      ...(undo.node.kind === 'each' ? undoEach(undo, next, plan, parts) : undoOne(undo.step, next, parts)),
    })),
    [NAMES.undone]: {
      Type: 'Fail',
      Error: ENDS.undone,
      Cause: jsonata(`$failed.step & ': ' & $failed.error`),
    },
    ...(last !== undefined && parkStates(order, plan, parts, lists)),
  };
}

/** The message of a saga that cannot be undone, and its end states. AWS refuses unreachable states. */
function parkStates(
  order: readonly Undo[],
  plan: SagaPlan,
  parts: DefinitionParts,
  lists: boolean,
): Record<string, Body> {
  return {
    [NAMES.parks]: parks(order, plan, parts, lists),
    [NAMES.parked]: {
      Type: 'Fail',
      Error: ENDS.parked,
      Cause: jsonata(`$failed.undo.step & ' could not be undone: ' & $failed.undo.error`),
    },
    [NAMES.notParked]: {
      Type: 'Fail',
      Error: ENDS.notParked,
      Cause: jsonata(
        `$failed.undo.step & ' could not be undone, and the message of it not be sent: ' & $failed.park.error`,
      ),
    },
  };
}

/** A step's outcome in `$outcomes`: for an `each` step a list, or a single word if nothing is known. */
function toUndo({ step }: Undo, next: string, { undoFailed }: SagaPlan): Body {
  const name = quote(step.name);
  return {
    Type: 'Choice',
    Choices: [
      {
        Condition: jsonata(`$count($lookup($outcomes, ${name})[$ in ${undoable(undoFailed)}]) > 0`),
        Next: NAMES.undo(step.name),
      },
    ],
    Default: next,
  };
}

function eventOf({ name }: PlanStep): JsonObject {
  return {
    input: jsonata('$input'),
    results: jsonata('$results'),
    idempotencyKey: jsonata(`$key & ${quote(keySuffix(name, 'compensation'))}`),
    actionKey: jsonata(`$key & ${quote(keySuffix(name, 'action'))}`),
    execution: EXECUTION,
    error: jsonata('$failed'),
  };
}

function undoOne(step: PlanStep, next: string, { invocations }: DefinitionParts): Record<string, Body> {
  const { name } = step;
  return {
    [NAMES.undo(name)]: {
      ...taskFields(step.compensation!, invocations.get(name)!.compensation!, eventOf(step), false),
      Assign: { outcomes: jsonata(`$merge([$outcomes, {${quote(name)}: 'undone'}])`) },
      Output: SAME_INPUT,
      Catch: toPark(name),
      Next: next,
    },
  };
}

function toPark(name: string): readonly Body[] {
  return catchers({
    Assign: { failed: jsonata(`$merge([$failed, {'undo': {'step': ${quote(name)}, ${ERROR_FIELDS}}}])`) },
    Output: SAME_INPUT,
    Next: NAMES.parks,
  });
}

/** Items that were, or may have been, done, last one first; one that cannot be undone does not stop the others. */
function undoEach(undo: Undo, next: string, plan: SagaPlan, parts: DefinitionParts): Record<string, Body> {
  const { undoFailed } = plan;
  const { step } = undo;
  const { name } = step;
  const node = undo.node as PlanNode & { kind: 'each' };
  const index = `$string($states.input.index)`;
  const key = (work: 'action' | 'compensation') =>
    jsonata(`$key & ${quote(keySuffix(name, 'action', ''))} & ${index}${work === 'compensation' ? " & ':undo'" : ''}`);
  const event = {
    ...eventOf(step),
    ...(node.distributed && { execution: jsonata('$saga') }),
    idempotencyKey: key('compensation'),
    actionKey: key('action'),
    item: jsonata('$states.input.item'),
    index: jsonata('$states.input.index'),
  };
  const ended = NAMES.undoEnded(name);
  // A child execution that itself fails is reported whole, with its status.
  const bad = node.distributed ? '[$states.result]' : '[$states.result[ok = false]]';
  const whatFailed = node.distributed
    ? `'error': $exists($bad[0].error) ? $bad[0].error : 'States.BranchFailed', 'cause': $exists($bad[0].cause) ? $bad[0].cause : ''`
    : `'error': $bad[0].error, 'cause': $bad[0].cause`;
  const outcome = `$o := $lookup($outcomes, ${quote(name)})`;
  const undone = {
    [NAMES.undoEach(name)]: {
      ...taskFields(step.compensation!, parts.invocations.get(name)!.compensation!, event, false),
      Output: node.distributed ? [] : jsonata(`{'index': $states.input.index, 'ok': true}`),
      Catch: catchers({
        Output: jsonata(`{'index': $states.input.index, 'ok': false, ${ERROR_FIELDS}}`),
        Next: ended,
      }),
      End: true,
    },
  };
  return {
    [NAMES.undo(name)]: {
      Type: 'Map',
      ...(node.distributed
        ? { ItemReader: listReader(parts, `${claimOfList(name)} & ${quote(reversed(''))}`) }
        : {
            Items: jsonata(
              `(${outcome}; $l := $lookup($items, ${quote(name)}); $type($l) = 'array' ` +
                `? $reverse([$filter($map($l, function($v, $i) { {'item': $v, 'index': $i} }), ` +
                `function($x) { $type($o) = 'string' or $o[$x.index] in ${undoable(undoFailed)} })]) ` +
                `: $error('the list is not in what the saga was left with'))`,
            ),
          }),
      MaxConcurrency: node.concurrency,
      ...(node.distributed && {
        ItemSelector: {
          item: jsonata(`${VALUE}.item`),
          index: jsonata(`${VALUE}.index`),
          ...outerNames(plan, ['failed']),
        },
        ToleratedFailurePercentage: 100,
        // Among thousands of items, report only those that could not be undone.
        ResultWriter: { WriterConfig: { Transformation: 'FLATTEN', OutputType: 'JSON' } },
      }),
      ItemProcessor: {
        ProcessorConfig: node.distributed ? DISTRIBUTED : { Mode: 'INLINE' },
        StartAt: node.distributed ? NAMES.undoBegun(name) : NAMES.undoEach(name),
        States: {
          ...(node.distributed && { [NAMES.undoBegun(name)]: begun(NAMES.undoEach(name), plan, ['failed']) }),
          ...(node.distributed ? withOwnNames(undone) : undone),
          [ended]: { Type: 'Succeed' },
        },
      },
      Assign: {
        outcomes: jsonata(
          `(${outcome}; $bad := ${bad}.index; $merge([$outcomes, {${quote(name)}: ` +
            `$type($o) = 'string' ? ($count($bad) = 0 ? 'undone' : $o) ` +
            `: [$map($o, function($v, $i) { $i in $bad ? $v : $v in ${undoable(undoFailed)} ? 'undone' : $v })]}]))`,
        ),
        failed: jsonata(
          `($bad := ${bad}; $count($bad) = 0 ? $failed ` +
            `: $merge([$failed, {'undo': {'step': ${quote(name)}, ${whatFailed}}}]))`,
        ),
      },
      Output: SAME_INPUT,
      Catch: toPark(name),
      Next: NAMES.undoJudged(name),
    },
    [NAMES.undoJudged(name)]: {
      Type: 'Choice',
      Choices: [{ Condition: jsonata('$exists($failed.undo)'), Next: NAMES.parks }],
      Default: next,
    },
  };
}

/** Notifies people. If the data are too large for a message, they are in the execution's own history, for 90 days. */
function parks(order: readonly Undo[], plan: SagaPlan, parts: DefinitionParts, lists: boolean): Body {
  const names = order.map(({ step }) => quote(step.name)).join(', ');
  const data = `{'input': $input, 'results': $results, 'items': ${lists ? '$items' : '{}'}}`;
  const left =
    `[$map([${names}][$count($lookup($outcomes, $)[$ in ${undoable(plan.undoFailed)}]) > 0], ` +
    `function($s) { {'step': $s, 'outcome': $lookup($outcomes, $s), 'actionKey': $key & ':' & $s, 'idempotencyKey': $key & ':' & $s & ':undo'} })]`;
  return {
    Type: 'Task',
    Resource: `arn:${parts.partition}:states:::sqs:sendMessage`,
    Arguments: {
      QueueUrl: parts.queueUrl,
      MessageBody: {
        saga: jsonata('$states.context.StateMachine.Id'),
        execution: jsonata('$states.context.Execution.Id'),
        name: jsonata('$states.context.Execution.Name'),
        key: jsonata('$key'),
        failed: jsonata('$failed'),
        outcomes: jsonata('$outcomes'),
        left: jsonata(left),
        ...(parts.claims !== undefined && { claims: parts.claims }),
        data: jsonata(`($d := ${data}; ${fits('$d')} ? $d : {'inHistoryOf': $states.context.Execution.Id})`),
      },
    },
    TimeoutSeconds: PARK_TIMEOUT,
    Retry: retriers(PARK_RETRY),
    Output: SAME_INPUT,
    Catch: catchers({
      Assign: { failed: jsonata(`$merge([$failed, {'park': {${ERROR_FIELDS}}}])`) },
      Output: SAME_INPUT,
      Next: NAMES.notParked,
    }),
    Next: NAMES.parked,
  };
}
