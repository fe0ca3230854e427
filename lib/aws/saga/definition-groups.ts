import { distributed, readByFunction } from './definition-lists';
import { ITEM, lostTrack, member, type DefinitionContext } from './definition-members';
import { type Body, catchers, NAMES, startOf } from './definition-states';
import { ERROR_FIELDS, fits, inner, jsonata, outcomeOf, quote, SAME_INPUT } from './expressions';
import { actionEvent } from './invocation';
import { TOO_LARGE } from './outcome';
import { keySuffix, type PlanNode } from './plan';
import type { JsonObject } from '../../core/record';

/** Parallel steps. All end before anything is undone; if the group itself fails, their outcomes are unknown. */
export function group(node: PlanNode, next: string, context: DefinitionContext): Record<string, Body> {
  const names = node.steps.map(({ name }) => name);
  const results = `$merge($append([$results], $states.result[outcome = 'completed'].{step: result}))`;
  return {
    [startOf(node)]: {
      Type: 'Parallel',
      Branches: node.steps.map((planned) => ({
        StartAt: planned.when === undefined ? planned.name : NAMES.when(planned.name),
        States: member(planned, `'step': ${quote(planned.name)}`, actionEvent(planned), context),
      })),
      Assign: {
        ...merged(results, context),
        outcomes: jsonata(`$merge($append([$outcomes], $states.result.{step: ok ? outcome : ${outcomeOf()}}))`),
        failed: failure(node.name, results, context),
      },
      Output: SAME_INPUT,
      Catch: lostTrack(node, `{${names.map((name) => `${quote(name)}: 'unknown'`).join(', ')}}`),
      Next: NAMES.judged(node.name),
    },
    [NAMES.judged(node.name)]: judged(next),
  };
}

/** A step for each item. The list is evaluated first, on its own, so that a failing expression is known to have done nothing. */
export function each(
  node: PlanNode & { kind: 'each' },
  next: string,
  context: DefinitionContext,
): Record<string, Body> {
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
  const reads = node.distributed
    ? readByFunction(node, context)
    : { Type: 'Pass', Output: { list: jsonata(listed) }, End: true };
  const list = node.distributed ? '$states.result[0].list' : '[$states.result[0].list]';
  return {
    [NAMES.list(name)]: {
      Type: 'Parallel',
      Branches: [{ StartAt: read, States: { [read]: reads } }],
      Assign: { items: jsonata(`$merge([$items, {${quote(name)}: ${list}}])`) },
      Output: SAME_INPUT,
      Catch: catchers({
        Assign: { failed: jsonata(`{'step': ${quote(name)}, ${ERROR_FIELDS}, 'wait': 0}`) },
        Output: SAME_INPUT,
        Next: NAMES.settles,
      }),
      Next: node.distributed ? NAMES.any(name) : NAMES.each(name),
    },
    ...(node.distributed ? distributed(node, event, context, next) : inline(node, event, context)),
    [NAMES.judged(name)]: judged(next),
  };
}

function inline(
  node: PlanNode & { kind: 'each' },
  event: JsonObject,
  context: DefinitionContext,
): Record<string, Body> {
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
        States: member(planned, `'index': $states.input.index`, event, context),
      },
      Assign: {
        ...merged(results, context),
        outcomes: jsonata(`$merge([$outcomes, {${quote(name)}: [$states.result.(ok ? outcome : ${outcomeOf()})]}])`),
        failed: failure(name, results, context),
      },
      Output: SAME_INPUT,
      Catch: lostTrack(node, `{${quote(name)}: 'unknown'}`),
      Next: NAMES.judged(name),
    },
  };
}

/** Merges results that fit; others are left out, and the saga turns around. */
function merged(results: string, { lists }: DefinitionContext): JsonObject {
  const all = lists ? '[$input, $items, $r]' : '[$input, $r]';
  return { results: jsonata(`($r := ${results}; ${fits(all)} ? $r : $results)`) };
}

/** Why the saga turns around after a group; empty if it goes on. */
function failure(name: string, results: string, { lists }: DefinitionContext): string {
  const all = lists ? `[$input, $items, ${results}]` : `[$input, ${results}]`;
  return jsonata(
    `($bad := [$states.result[ok = false]]; $count($bad) > 0 ` +
      `? {'step': ${quote(name)}, 'error': $bad[0].error, 'cause': $bad[0].cause, 'wait': $max($bad.(${outcomeOf()} = 'unknown' ? settle : 0))} ` +
      `: ${fits(all)} ? {} : {'step': ${quote(name)}, 'error': '${TOO_LARGE}', 'cause': '', 'wait': 0})`,
  );
}

function judged(next: string): Body {
  return {
    Type: 'Choice',
    Choices: [{ Condition: jsonata('$exists($failed.step)'), Next: NAMES.settles }],
    Default: next,
  };
}
