import { type Body, catchers, NAMES, startOf } from './definition-states';
import type { DefinitionParts } from './definition';
import { ERROR_FIELDS, failureOf, fits, inner, jsonata, outcomeOf, quote, SAME_INPUT } from './expressions';
import { begun, DISTRIBUTED, outerNames, withOwnNames } from './distributed';
import { RESULTS } from './claims/claim';
import { actionEvent, type Json, retriers, taskFields } from './invocation';
import { MANIFEST_TIMEOUT } from './limits';
import { TOO_LARGE } from './outcome';
import { keySuffix, MANIFEST_RETRY, type PlanNode, type PlanStep, type SagaPlan } from './plan';

/** Where the states of a node stand. */
export interface Place {
  readonly plan: SagaPlan;
  readonly parts: DefinitionParts;
  readonly lists: boolean;
  readonly first: boolean;
}

/** A step that never fails: it ends with what became of it, and who is around it decides. */
function member(
  planned: PlanStep,
  fields: string,
  event: Json,
  { plan, parts }: Place,
  end: Body = { Type: 'Succeed' },
): Record<string, Body> {
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
    [ended]: end,
  };
}

/** Steps at once. All of them end before anything is undone; where the group itself fails, nobody knows what they did. */
export function group(node: PlanNode, next: string, place: Place): Record<string, Body> {
  const names = node.steps.map(({ name }) => name);
  const results = `$merge($append([$results], $states.result[outcome = 'completed'].{step: result}))`;
  return {
    [startOf(node)]: {
      Type: 'Parallel',
      Branches: node.steps.map((planned) => ({
        StartAt: planned.when === undefined ? planned.name : NAMES.when(planned.name),
        States: member(planned, `'step': ${quote(planned.name)}`, actionEvent(planned), place),
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
export function each(node: PlanNode & { kind: 'each' }, next: string, place: Place): Record<string, Body> {
  const { name, items, maxItems } = node;
  const [planned] = node.steps;
  const read = NAMES.read(name);
  const event = {
    ...actionEvent(planned),
    ...(node.distributed && { execution: jsonata('$saga') }),
    idempotencyKey: jsonata(`$key & ${quote(keySuffix(name, 'action', ''))} & $string($states.input.index)`),
    item: jsonata('$states.input.item'),
    index: jsonata('$states.input.index'),
  };
  const listed =
    `($list := [${inner(items)}]; $count($list) > ${maxItems} ? $error('more than ${maxItems} items') ` +
    `: ${fits('[$input, $results, $items, $list]')} ? $list : $error('${TOO_LARGE}'))`;
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
    ...(node.distributed ? distributed(node, event, place) : inline(node, event, place)),
    [NAMES.judged(name)]: judged(next),
  };
}

function inline(node: PlanNode & { kind: 'each' }, event: Json, place: Place): Record<string, Body> {
  const { name, concurrency } = node;
  const [planned] = node.steps;
  const results = `$merge([$results, {${quote(name)}: [$states.result[outcome = 'completed'].{'index': index, 'result': result}]}])`;
  return {
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
  };
}

/**
 * Each item as an execution of its own. One that does not succeed fails, so that it goes into the file of those; all are
 * tolerated, and which files there are tells whether the saga goes on. Until that is read, nobody knows what was done.
 */
function distributed(node: PlanNode & { kind: 'each' }, event: Json, place: Place): Record<string, Body> {
  const { name, concurrency } = node;
  const { plan, parts } = place;
  const [planned] = node.steps;
  const fails = {
    Type: 'Fail',
    Error: jsonata(`${outcomeOf('$states.input.')} = 'unknown' ? 'SagaStepUnknown' : 'SagaStepRefused'`),
    Cause: jsonata(`$states.input.error & ': ' & $states.input.cause`),
  };
  const manifest = `$lookup($results, ${quote(name)}).\`${RESULTS}\``;
  const bad = `($files := $parse($states.result.Body).ResultFiles; $count([$files.FAILED]) + $count([$files.PENDING]))`;
  const unknown = `$merge([$outcomes, {${quote(name)}: 'unknown'}])`;
  return {
    [NAMES.each(name)]: {
      Type: 'Map',
      Items: jsonata(`$lookup($items, ${quote(name)})`),
      ItemSelector: { ...ITEM, ...outerNames(plan) },
      MaxConcurrency: concurrency,
      ToleratedFailurePercentage: 100,
      ItemProcessor: {
        ProcessorConfig: DISTRIBUTED,
        StartAt: NAMES.begun(name),
        States: {
          [NAMES.begun(name)]: begun(name, plan),
          ...withOwnNames(member(planned, `'index': $states.input.index`, event, place, fails)),
        },
      },
      ResultWriter: {
        Resource: `arn:${parts.partition}:states:::s3:putObject`,
        WriterConfig: { Transformation: 'COMPACT', OutputType: 'JSON' },
        Arguments: { Bucket: parts.claims, Prefix: jsonata(`${quote(`${name}/`)} & $states.context.Execution.Name`) },
      },
      Assign: {
        results: jsonata(
          `$merge([$results, {${quote(name)}: {'${RESULTS}': $states.result.ResultWriterDetails.Key}}])`,
        ),
        outcomes: jsonata(unknown),
      },
      Output: SAME_INPUT,
      Catch: lostTrack(node, `{${quote(name)}: 'unknown'}`),
      Next: NAMES.written(name),
    },
    [NAMES.written(name)]: {
      Type: 'Task',
      Resource: `arn:${parts.partition}:states:::aws-sdk:s3:getObject`,
      Arguments: { Bucket: parts.claims, Key: jsonata(manifest) },
      TimeoutSeconds: MANIFEST_TIMEOUT,
      Retry: retriers(MANIFEST_RETRY),
      Assign: {
        outcomes: jsonata(`${bad} = 0 ? $merge([$outcomes, {${quote(name)}: 'completed'}]) : $outcomes`),
        failed: jsonata(
          `${bad} = 0 ? {} : {'step': ${quote(name)}, 'error': 'SagaItemsFailed', 'cause': 'see ' & ${manifest}, 'wait': ${planned.action.settle}}`,
        ),
      },
      Output: SAME_INPUT,
      Catch: lostTrack(node, `{${quote(name)}: 'unknown'}`),
      Next: NAMES.judged(name),
    },
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
