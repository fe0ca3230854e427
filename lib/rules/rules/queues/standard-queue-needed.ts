import { displayName } from '../../../core/model/display';
import type { Model, Resource } from '../../../core/model/model';
import { at, toBoolean } from '../../../core/model/select';
import { failurePlaces } from '../../lookups/dead-letter-queues';
import { deliveries } from '../../lookups/deliveries';
import { openAmong, type Rule } from '../../rule';

export const standardQueueNeeded: Rule = {
  id: 'StandardQueueNeeded',
  severity: 'error',
  title: 'Buckets, standard topics, failures of functions and undelivered events go to standard queues',
  why: 'These senders set no message group: the deployment is rejected, or what they send is lost.',
  fix: 'name a standard queue, and have it feed the FIFO queue if order matters',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html',
  *check({ model }) {
    const places = [
      ...failurePlaces(model),
      // Failure destinations are in both lists: a service's delivery is left to the first.
      ...deliveries(model).filter(({ property }) => !/dead-?letter/i.test(property)),
    ];
    for (const { holder, property, target } of places) {
      const open = target && openAmong(target, 'FifoQueue', 'FifoTopic');
      if (open && !givesGroup(model, holder, property)) {
        yield { resource: holder, property, reason: open.reason };
        continue;
      }
      if (!isFifo(target) || givesGroup(model, holder, property)) continue;
      const kind = target.type === 'AWS::SNS::Topic' ? 'topic' : 'queue';
      yield { resource: holder, property, message: `names the FIFO ${kind} ${displayName(target)}`, detail: property };
    }
  },
};

function isFifo(resource: Resource | undefined): boolean {
  return (toBoolean(at(resource, 'FifoQueue')) ?? toBoolean(at(resource, 'FifoTopic'))) === true;
}

/** Whether a sender sets a message group: a FIFO queue or topic does, and a rule configured to. */
function givesGroup(model: Model, holder: Resource, property: string): boolean {
  switch (holder.type) {
    case 'AWS::SQS::Queue':
      return true;
    case 'AWS::SNS::Subscription': {
      const topic = model.target(at(holder, 'TopicArn'));
      return topic === undefined || isFifo(topic);
    }
    case 'AWS::Events::Rule':
      return at(holder, property.replace(/\.Arn$/, '.SqsParameters.MessageGroupId')) !== undefined;
    default:
      return false;
  }
}
