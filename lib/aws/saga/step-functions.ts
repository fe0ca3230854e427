import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { bundleHandlers, handlerOf, triggerOf } from '../service-function';
import type { HandlerSource } from '../service-function-props';
import type { Claims } from './claims/access';
import { type Called, calledTask, type StepCalls } from './machine';
import { isTask, type SagaWork, type stepsOf } from './steps';

/** The functions of a saga's steps. */
export interface StepFunctions {
  /** What each step calls, by its name. */
  readonly calls: ReadonlyMap<string, StepCalls>;
  /** The functions among that: `charge`, and `charge undo`. */
  readonly handlers: ReadonlyMap<string, lambda.Function>;
}

/**
 * Makes the functions of steps, below `Steps` of the saga.
 * @param steps each with the prop it is in
 */
export function stepFunctions(
  saga: Construct,
  steps: ReturnType<typeof stepsOf>,
  claims: Claims | undefined,
): StepFunctions {
  if (claims === undefined) {
    const works = steps.flatMap(({ step: { action, compensation } }) => [
      action,
      ...(compensation ? [compensation] : []),
    ]);
    bundleHandlers(
      saga,
      works.filter((work): work is HandlerSource => !isTask(work)),
    );
  }
  const scope = new Construct(saga, 'Steps');
  const handlers = new Map<string, lambda.Function>();
  const calls = steps.map(({ step: { name, action, compensation }, prop: at }): [string, StepCalls] => {
    const step = new Construct(scope, name);
    const called = (work: SagaWork, id: string, key: string, prop: 'action' | 'compensation'): Called => {
      if (isTask(work)) return calledTask(work, claims !== undefined);
      const source = claims ? claims[prop](work, name) : work;
      const fn = handlerOf(
        step,
        id,
        source,
        { onFailure: 'none' },
        {
          owner: saga,
          prop: `${at}.${prop}`,
          added: { 'access.SAGA_CLAIMS': 'claimCheck' },
        },
      );
      handlers.set(key, fn);
      return triggerOf(fn);
    };
    return [
      name,
      {
        action: called(action, 'Action', name, 'action'),
        ...(compensation && { compensation: called(compensation, 'Compensation', `${name} undo`, 'compensation') }),
      },
    ];
  });
  return { calls: new Map(calls), handlers };
}
