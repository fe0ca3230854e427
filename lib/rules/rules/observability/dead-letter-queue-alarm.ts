import type { Model, Resource } from '../../../core/model/model';
import { at, items, toText } from '../../../core/model/select';
import { Text, Unknown, type Value } from '../../../core/model/values';
import { failurePlaces } from '../../lookups/dead-letter-queues';
import { mappingsFrom } from '../../lookups/functions';
import { mentioned } from '../../../core/model/references';
import type { Rule } from '../../rule';

export const deadLetterQueueAlarm: Rule = {
  id: 'DeadLetterQueueAlarm',
  severity: 'warning',
  title: 'An alarm watches the dead-letter queue of a queue that a function reads',
  why: 'A message that failed for good stays there unnoticed until its retention deletes it.',
  fix: 'add an alarm on ApproximateNumberOfMessagesVisible of the dead-letter queue, with an action',
  source:
    'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/dead-letter-queues-alarms-cloudwatch.html',
  *check({ model }) {
    // A queue read elsewhere is watched there.
    const dead = failurePlaces(model).filter(
      ({ holder, target }) =>
        holder.type === 'AWS::SQS::Queue' &&
        target.type === 'AWS::SQS::Queue' &&
        mappingsFrom(model, holder).length > 0,
    );
    const watched = watchedQueues(model);
    for (const queue of new Set(dead.map(({ target }) => target))) {
      if (mappingsFrom(model, queue).length > 0 || watched(queue)) continue;
      yield { resource: queue, message: 'takes dead letters, and no alarm watches it' };
    }
  },
};

/** The QueueName dimensions of alarms. */
function watchers(model: Model): (Value | undefined)[] {
  return model.ofType('AWS::CloudWatch::Alarm').flatMap((alarm) =>
    [alarm.properties, ...items(at(alarm, 'Metrics')).map((query) => at(query, 'MetricStat.Metric'))]
      .flatMap((metric) => items(at(metric, 'Dimensions')))
      .filter((dimension) => toText(at(dimension, 'Name')) === 'QueueName')
      .map((dimension) => at(dimension, 'Value')),
  );
}

/** Whether an alarm watches a queue. An unresolved name may be any queue's. */
function watchedQueues(model: Model): (queue: Resource) => boolean {
  const resources = new Set<Resource>();
  const names = new Set<string | undefined>();
  let open = false;
  for (const name of watchers(model)) {
    const found = mentioned(model, name);
    for (const resource of found) resources.add(resource);
    if (found.length === 0 && (name instanceof Unknown || name instanceof Text)) open = true;
    else if (found.length === 0) names.add(toText(name));
  }
  return (queue) => open || resources.has(queue) || names.has(toText(at(queue, 'QueueName')));
}
