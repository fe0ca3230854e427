import { events } from '../../../core/facts';
import { at, items } from '../../../core/model/select';
import { type Limit, outside } from '../../limits';
import type { Rule } from '../../rule';

const { retryAttempts, eventAge } = events;

export const targetRetries: Rule = {
  id: 'TargetRetries',
  severity: 'error',
  title: `A target is retried at most ${retryAttempts.value.max} times within a day`,
  why: 'EventBridge rejects the deployment otherwise.',
  fix: `set retries to at most ${retryAttempts.value.max} and the age to ${eventAge.value.min} to ${eventAge.value.max} seconds`,
  source: retryAttempts.source,
  *check({ model }) {
    for (const rule of model.ofType('AWS::Events::Rule')) {
      for (const index of items(at(rule, 'Targets')).keys())
        yield* outside(rule, limits(`Targets.${index}.RetryPolicy`));
    }
    for (const schedule of model.ofType('AWS::Scheduler::Schedule'))
      yield* outside(schedule, limits('Target.RetryPolicy'));
    for (const subscriber of model.ofType('AWS::EventsV2::Subscriber'))
      yield* outside(subscriber, limits('RetryPolicy'));
  },
};

function limits(policy: string): Limit[] {
  return [
    { property: `${policy}.MaximumRetryAttempts`, range: retryAttempts },
    { property: `${policy}.MaxRetryAttempts`, range: retryAttempts },
    { property: `${policy}.MaximumEventAgeInSeconds`, range: eventAge },
    { property: `${policy}.MaxEventAgeInSeconds`, range: eventAge },
  ];
}
