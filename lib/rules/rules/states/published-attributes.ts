import { at as valueAt, entries, toBoolean, toText } from '../../../core/model/select';
import type { Value } from '../../../core/model/values';
import { at, eachState } from '../../lookups/flows';
import { type Rule, undecided } from '../../rule';

/** Attributes that a message of SQS may have. */
const MOST = 10;

/** A message for a raw queue has no more attributes than SQS takes. */
export const publishedAttributes: Rule = {
  id: 'PublishedAttributes',
  severity: 'error',
  title: `A message that is delivered raw to a queue has at most ${MOST} attributes`,
  why: 'SNS discards it as an error of the client: nothing arrives, nothing is tried again.',
  fix: 'put some of the attributes into the body, or deliver without RawMessageDelivery',
  source: 'https://docs.aws.amazon.com/sns/latest/dg/sns-large-payload-raw-message-delivery.html',
  check: eachState(function* ({ name, body, place, call }, machine, model) {
    if (call?.kind !== 'integration' || call.service !== 'sns' || !['publish', 'Publish'].includes(call.api)) return;
    const parameters = (body.Arguments ?? body.Parameters) as Value | undefined;
    const count = entries(valueAt(parameters, 'MessageAttributes')).length;
    const topic = model.target(valueAt(parameters, 'TopicArn'));
    if (count <= MOST || !topic) return;
    for (const subscription of model.ofType('AWS::SNS::Subscription')) {
      if (toText(valueAt(subscription, 'Protocol')) !== 'sqs') continue;
      if (model.target(valueAt(subscription, 'TopicArn')) !== topic) continue;
      const raw = valueAt(subscription, 'RawMessageDelivery');
      if (raw !== undefined && toBoolean(raw) === undefined) yield undecided(subscription, 'RawMessageDelivery', raw);
      if (toBoolean(raw) !== true) continue;
      yield at(machine, place, `publishes ${count} attributes in ${name} to a topic that delivers raw to a queue`);
      return;
    }
  }),
};
