import type { Check } from '../../core/check/check';
import { durableOperations } from '../../core/facts/lambda';
import { historyEvents, standardDuration } from '../../core/facts/step-functions';
import { operationCount, OPERATIONS } from './durable/operations';
import { historyLength, longest } from './limits';
import type { SagaPlan } from './plan';
import { type PlanProps, planOf } from './planned';
import { isEach, type SagaEach } from './steps';

/** What an engine limits on the longest path, and to how much. */
interface Budget {
  readonly count: (plan: SagaPlan) => number;
  readonly most: number;
  readonly what: string;
  readonly remedy: string;
  /** The remedy for a list that is too long. */
  readonly list: string;
}

const BUDGETS: Readonly<Record<'step-functions' | 'durable-function', Budget>> = {
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
    remedy: "choose the engine 'step-functions', which has more room, or start a saga",
    list: "set 'distributed' and 'claimCheck', or start a saga",
  },
};

/** Checks that a saga ends in time, and that its longest path fits into an execution. */
export function limitChecks(props: PlanProps): Check[] {
  // A misspelt engine is reported by its own check, and must not suppress these.
  const budget = BUDGETS[props.engine === 'durable-function' ? props.engine : 'step-functions'];
  const plan = planOf(props);
  const taken = budget.count(plan);
  const { total } = longest(plan);
  const [each, list] = listToShorten(props);
  const most = each < 0 || taken <= budget.most ? undefined : mostItems(props, each, budget);
  return [
    {
      prop: most === undefined ? 'steps' : `steps.${each}.maxItems`,
      value: most === undefined ? `${props.steps.length} of them` : (props.steps[each] as SagaEach).maxItems,
      valid: () => taken <= budget.most,
      rule: `must take at most ${budget.most} ${budget.what}; ` + `forward, all retries and the undo take ${taken}`,
      remedy:
        most === undefined || most < 1
          ? `retry less often, or ${budget.remedy} of its own for a part of the work`
          : `lower it to ${most}, retry less often, ${list ?? budget.list} for each part of the list`,
    },
    {
      prop: props.timeout === undefined ? 'steps' : 'timeout',
      value: props.timeout ?? `${props.steps.length} of them`,
      valid: () => total <= standardDuration.value,
      rule: `must end within an execution's limit of one year, with all retries and the undo; the longest path takes ${Math.ceil(total / 86_400)} days`,
      remedy: "shorten the 'timeout' of steps that wait, or retry them less often",
    },
  ];
}

/** The list whose shortening helps most, and the remedy if it differs from the usual. */
function listToShorten({ steps, engine }: PlanProps): readonly [number, string?] {
  const inline = steps.findIndex((node) => isEach(node) && node.distributed !== true);
  if (inline >= 0 || engine !== 'durable-function') return [inline];
  return [steps.findIndex(isEach), "choose the engine 'step-functions', which has more room, or start a saga"];
}

/** The longest list that fits; undefined if even one item is too many. */
function mostItems(props: PlanProps, at: number, { count, most }: Budget): number {
  const fits = (maxItems: number) => {
    const steps = props.steps.map((node, index) => (index === at ? { ...(node as SagaEach), maxItems } : node));
    return count(planOf({ ...props, steps })) <= most;
  };
  let [fitting, tooMany] = [0, (props.steps[at] as SagaEach).maxItems];
  while (tooMany - fitting > 1) {
    const between = Math.floor((fitting + tooMany) / 2);
    if (fits(between)) fitting = between;
    else tooMany = between;
  }
  return fitting;
}
