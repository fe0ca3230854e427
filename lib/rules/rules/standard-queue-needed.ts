import { displayName } from '../../core/model/display';
import { type Model } from '../../core/model/model';
import { at, toBoolean } from '../../core/model/select';
import { failurePlaces } from '../lookups/dead-letter-queues';
import { deliveries } from '../lookups/deliveries';
import { type Rule } from '../rule';

/** A service that cannot write to a FIFO queue or topic is not asked to. */
export const standardQueueNeeded: Rule = {
  id: 'StandardQueueNeeded',
  severity: 'error',
  title: 'Buckets, standard topics, failures of functions and undelivered events go to standard queues',
  why: 'These senders give no message group: the deployment is rejected, or what they send is lost.',
  fix: 'name a standard queue, and have it feed the FIFO queue where order matters',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html',
  *check({ model }) {
    const places = [
      ...failurePlaces(model).filter(({ holder }) => holder.type !== 'AWS::SQS::Queue'),
      ...deliveries(model).filter(({ holder, source, property }) => {
        if (property.includes('DeadLetter') || property.includes('deadLetter')) return false;
        if (holder.type === 'AWS::SNS::Subscription') return source !== undefined && !isFifo(source);
        return holder.type !== 'AWS::Events::Rule' || !hasGroup(model, holder.id, property);
      }),
    ];
    for (const { holder, property, target } of places) {
      if (
        !isFifo(target) ||
        (holder.type === 'AWS::SNS::Subscription' && property.startsWith('Redrive') && isFifoTopic(model, holder.id))
      )
        continue;
      yield {
        resource: holder,
        property,
        message: `names the FIFO ${target.type === 'AWS::SNS::Topic' ? 'topic' : 'queue'} ${displayName(target)}`,
        detail: property,
      };
    }
  },
};

function isFifo(target: Parameters<typeof at>[0]): boolean {
  return (toBoolean(at(target, 'FifoQueue')) ?? toBoolean(at(target, 'FifoTopic'))) === true;
}

/** A rule’s target may be a FIFO queue when it says which group its messages belong to. */
function hasGroup(model: Model, rule: string, property: string): boolean {
  const target = property.replace(/\.Arn$/, '');
  return at(model.resources.get(rule), `${target}.SqsParameters.MessageGroupId`) !== undefined;
}

/** The dead letters of a FIFO topic’s subscription go to a FIFO queue. */
function isFifoTopic(model: Model, subscription: string): boolean {
  const topic = model.target(at(model.resources.get(subscription), 'TopicArn'));
  return topic === undefined || isFifo(topic);
}
