import type { Check } from '../../core/check/check';
import { durableOperations } from '../../core/facts/lambda';
import { historyEvents, standardDuration } from '../../core/facts/step-functions';
import { operationCount, OPERATIONS } from './durable/operations';
import { historyLength, longest } from './limits';
import type { SagaPlan } from './plan';
import { type PlanProps, planOf } from './planned';
import { isEach, type SagaEach } from './steps';

/** What is checked: a plan, and what runs it. */
export interface SagaCheckProps extends PlanProps {
  readonly engine?: 'step-functions' | 'durable-function';
}

/** What an engine counts of the longest way, and how much of it there may be. */
interface Room {
  readonly count: (plan: SagaPlan) => number;
  readonly most: number;
  readonly what: string;
  readonly remedy: string;
  /** What else helps where a list is too long. */
  readonly list: string;
}

const ROOMS: Readonly<Record<'step-functions' | 'durable-function', Room>> = {
  'step-functions': {
    count: historyLength,
    most: 0.8 * historyEvents.value,
    what: `events of a history, whose ${historyEvents.value}th ends a saga without a compensation`,
    remedy: 'start a saga',
    list: "set 'distributed' and 'claimCheck', or start a saga",
  },
  'durable-function': {
    count: operationCount,
    most: OPERATIONS,
    what: `operations of a durable execution, which has ${durableOperations.value}`,
    remedy: "choose the engine 'step-functions', which has room for more, or start a saga",
    list: "choose the engine 'step-functions', which has room for more, or start a saga",
  },
};

/** A saga ends in time, and its longest way has room in an execution. */
export function limitChecks(props: SagaCheckProps): Check[] {
  // A misspelt engine is told of with its prop, and must not keep the rest from being told.
  const room = ROOMS[props.engine === 'durable-function' ? props.engine : 'step-functions'];
  const plan = planOf(props);
  const taken = room.count(plan);
  const { total } = longest(plan);
  const each = props.steps.findIndex((node) => isEach(node) && node.distributed !== true);
  const most = each < 0 ? undefined : mostItems(props, each, room);
  return [
    {
      prop: most === undefined ? 'steps' : `steps.${each}.maxItems`,
      value: most === undefined ? `${props.steps.length} of them` : (props.steps[each] as SagaEach).maxItems,
      valid: () => taken <= room.most,
      rule: `must make at most ${room.most} ${room.what}; ` + `forward, all retries and the undo make ${taken}`,
      remedy:
        most === undefined || most < 1
          ? `retry less often, or ${room.remedy} of its own for a part of the work`
          : `lower it to ${most}, retry less often, ${room.list} for each part of the list`,
    },
    {
      prop: props.timeout === undefined ? 'steps' : 'timeout',
      value: props.timeout ?? `${props.steps.length} of them`,
      valid: () => total <= standardDuration.value,
      rule: `must end within the year that an execution has, with all retries and the undo; the longest way takes ${Math.ceil(total / 86_400)} days`,
      remedy: "shorten the 'timeout' of steps that wait",
    },
  ];
}

/** The longest list whose saga has room. */
function mostItems(props: PlanProps, at: number, { count, most }: Room): number {
  const length = (maxItems: number) =>
    count(
      planOf({
        ...props,
        steps: props.steps.map((node, index) => (index === at ? { ...(node as SagaEach), maxItems } : node)),
      }),
    );
  const each = length(2) - length(1);
  return Math.floor((most - length(1)) / each) + 1;
}
