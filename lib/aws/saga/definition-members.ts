import type { DefinitionParts } from './definition';
import { type Body, catchers, NAMES } from './definition-states';
import { ERROR_FIELDS, failureOf, inner, jsonata, quote, SAME_INPUT } from './expressions';
import { taskFields } from './invocation';
import type { PlanNode, PlanStep, SagaPlan } from './plan';
import type { JsonObject } from '../../core/record';

/** Where a node's states are in the definition. */
export interface DefinitionContext {
  readonly plan: SagaPlan;
  readonly parts: DefinitionParts;
  readonly lists: boolean;
  readonly first: boolean;
}

/** A step that never fails: it ends with its outcome, and its surroundings decide. */
export function member(
  planned: PlanStep,
  fields: string,
  event: JsonObject,
  { plan, parts }: DefinitionContext,
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

/** Input of an iteration. */
export const ITEM = {
  item: jsonata('$states.context.Map.Item.Value'),
  index: jsonata('$states.context.Map.Item.Index'),
};

/** If a group itself fails, its branches were stopped, but not what they had called. */
export function lostTrack({ name, steps }: PlanNode, outcomes: string): readonly Body[] {
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
