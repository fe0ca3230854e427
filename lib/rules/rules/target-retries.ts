import { events, within } from '../../core/facts';
import { type Resource } from '../../core/model/model';
import { at, inWords, items } from '../../core/model/select';
import { type Judgement, numbers, type Rule } from '../rule';

const LIMITS = [
  { name: 'MaximumRetryAttempts', range: events.retryAttempts.value, unit: 'retries' },
  { name: 'MaxRetryAttempts', range: events.retryAttempts.value, unit: 'retries' },
  { name: 'MaximumEventAgeInSeconds', range: events.eventAge.value, unit: 'seconds' },
  { name: 'MaxEventAgeInSeconds', range: events.eventAge.value, unit: 'seconds' },
];

/** The retries of a target lie in EventBridge’s range. */
export const targetRetries: Rule = {
  id: 'TargetRetries',
  severity: 'error',
  title: `A target is tried at most ${events.retryAttempts.value.max} times within a day`,
  why: 'EventBridge rejects the deployment otherwise.',
  fix: `set retries to at most ${events.retryAttempts.value.max} and the age to ${events.eventAge.value.min} to ${events.eventAge.value.max} seconds`,
  source: events.retryAttempts.source,
  *check({ model }) {
    for (const rule of model.ofType('AWS::Events::Rule')) {
      for (const index of items(at(rule, 'Targets')).keys()) yield* judge(rule, `Targets.${index}.RetryPolicy`);
    }
    for (const schedule of model.ofType('AWS::Scheduler::Schedule')) yield* judge(schedule, 'Target.RetryPolicy');
    for (const subscriber of model.ofType('AWS::EventsV2::Subscriber')) yield* judge(subscriber, 'RetryPolicy');
  },
};

function* judge(resource: Resource, policy: string): Iterable<Judgement> {
  for (const { name, range, unit } of LIMITS) {
    const property = `${policy}.${name}`;
    const { values, unknown } = numbers(resource, property);
    yield* unknown;
    for (const { value, when } of values) {
      if (within(range, value)) continue;
      yield {
        resource,
        property,
        message: `asks for ${value} ${unit}, outside ${range.min} to ${range.max}${inWords(when)}`,
        detail: property,
      };
    }
  }
}
