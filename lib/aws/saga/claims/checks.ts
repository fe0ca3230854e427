import type { Check } from '../../../core/check/check';
import { canBeWrapped } from '../../wrapped-handler';
import { isTask, type SagaNode, stepsOf } from '../steps';

/** Handlers whose results may be stored in a bucket: each is wrapped in ours. */
export function claimChecks(steps: readonly SagaNode[]): Check[] {
  return steps
    .flatMap((node, index) => stepsOf(node, `steps.${index}`))
    .flatMap(({ step: { action, compensation }, prop }) => [
      { work: action, prop: `${prop}.action` },
      ...(compensation === undefined ? [] : [{ work: compensation, prop: `${prop}.compensation` }]),
    ])
    .map(({ work, prop }) => ({
      prop,
      value: work,
      valid: () => isTask(work) || canBeWrapped(work),
      rule: "must be the path of a module that exports 'handler' with 'claimCheck', since code that reads large data is bundled around it",
      remedy: 'give its path, with settings or without',
    }));
}
