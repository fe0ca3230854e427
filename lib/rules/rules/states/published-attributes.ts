import { messageAttributes } from '../../../core/facts/sqs';
import type { Model, Resource } from '../../../core/model/model';
import { at as valueAt, entries, isMap, items, toBoolean, toText } from '../../../core/model/select';
import type { Value } from '../../../core/model/values';
import { at, eachState } from '../../lookups/flows';
import { type Rule, undecided } from '../../rule';

const MOST = messageAttributes.value;

export const publishedAttributes: Rule = {
  id: 'PublishedAttributes',
  severity: 'error',
  title: `A message that is delivered raw to a queue has at most ${MOST} attributes`,
  why: 'SNS discards it as a client error: nothing arrives, and nothing is retried.',
  fix: 'put some of the attributes into the body, or deliver without RawMessageDelivery',
  source: 'https://docs.aws.amazon.com/sns/latest/dg/sns-large-payload-raw-message-delivery.html',
  check: eachState(function* ({ name, body, place, call }, machine, model) {
    if (call?.kind !== 'integration' || call.service !== 'sns') return;
    const api = call.api.toLowerCase();
    if (api !== 'publish' && api !== 'publishbatch') return;
    const parameters = (body.Arguments ?? body.Parameters) as Value | undefined;
    const topic = model.target(valueAt(parameters, 'TopicArn'));
    if (!topic) return;
    const counts = api === 'publish' ? [countOf(parameters)] : countsOf(parameters);
    const most = Math.max(0, ...counts.map((count) => count ?? 0));
    const open = counts.includes(undefined);
    if (most <= MOST && !open) return;
    for (const subscription of rawOf(model, topic)) {
      const raw = valueAt(subscription, 'RawMessageDelivery');
      if (toBoolean(raw) === undefined) {
        yield undecided(subscription, 'RawMessageDelivery', raw!);
        continue;
      }
      if (most > MOST)
        yield at(machine, place, `publishes ${most} attributes in ${name} to a topic that delivers raw to a queue`);
      else {
        const reason = `how many attributes ${name} publishes is known only when it runs`;
        yield { resource: machine.machine, property: machine.property(place), reason };
      }
      return;
    }
  }),
};

/** Subscriptions that deliver a topic's messages raw to a queue, or may. */
function rawOf(model: Model, topic: Resource): readonly Resource[] {
  return [...model.ofType('AWS::SNS::Subscription')].filter((subscription) => {
    const raw = valueAt(subscription, 'RawMessageDelivery');
    return (
      toText(valueAt(subscription, 'Protocol')) === 'sqs' &&
      model.target(valueAt(subscription, 'TopicArn')) === topic &&
      raw !== undefined &&
      toBoolean(raw) !== false
    );
  });
}

/** Attributes of each message in a batch; undefined for those built by an expression. */
function countsOf(parameters: Value | undefined): readonly (number | undefined)[] {
  const batch = valueAt(parameters, 'PublishBatchRequestEntries');
  if (batch === undefined) return 'PublishBatchRequestEntries.$' in mapOf(parameters) ? [undefined] : [];
  return items(batch).map((entry) => (isMap(entry) ? countOf(entry) : undefined));
}

/** Attributes of one message; none by default. */
function countOf(message: Value | undefined): number | undefined {
  const attributes = valueAt(message, 'MessageAttributes');
  if (attributes === undefined) return 'MessageAttributes.$' in mapOf(message) ? undefined : 0;
  return isMap(attributes) || entries(attributes).length > 0 ? entries(attributes).length : undefined;
}

function mapOf(value: Value | undefined): object {
  return isMap(value) ? value : {};
}
