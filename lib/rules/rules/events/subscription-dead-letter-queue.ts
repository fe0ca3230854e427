import { at, toText } from '../../../core/model/select';
import { absences } from '../../each-property';
import { each, type Rule } from '../../rule';

/** Protocols whose deliveries can be kept. */
const KEPT = ['lambda', 'sqs', 'http', 'https', 'firehose'];

export const subscriptionDeadLetterQueue: Rule = {
  id: 'SubscriptionDeadLetterQueue',
  severity: 'warning',
  title: 'A message that a topic cannot deliver is kept',
  why: 'SNS drops it when the target refuses it (a policy, a key, a deleted function) or is unavailable too long.',
  fix: 'set RedrivePolicy on the subscription, to a queue whose policy admits SNS',
  source: 'https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html',
  check: each(['AWS::SNS::Subscription'], function* (subscription) {
    const protocol = toText(at(subscription, 'Protocol'));
    if (protocol === undefined || !KEPT.includes(protocol)) return;
    for (const when of absences(at(subscription, 'RedrivePolicy'))) {
      const message = `drops the messages that it cannot deliver${when}`;
      yield { resource: subscription, property: 'RedrivePolicy', message };
    }
  }),
};
