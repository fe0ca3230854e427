import type { Need } from '../../kernel/judge';
import { type JsonRecord, text } from '../../kernel/json';

const ON_A_TOPIC = ['GetTopicAttributes', 'SetTopicAttributes', 'ListSubscriptionsByTopic', 'ConfirmSubscription'];
const ON_A_SUBSCRIPTION = ['GetSubscriptionAttributes', 'SetSubscriptionAttributes', 'Unsubscribe'];

/**
 * What a call takes; undefined for an operation that is not served.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html
 */
export function snsNeeds(operation: string, input: JsonRecord): readonly Need[] | undefined {
  const topic = text(input.TopicArn) ?? '';
  if (ON_A_TOPIC.includes(operation)) return [{ action: `sns:${operation}`, resource: topic }];
  if (ON_A_SUBSCRIPTION.includes(operation)) {
    const resource = (text(input.SubscriptionArn) ?? '').replace(/:[^:]*$/, '');
    return [{ action: `sns:${operation}`, resource }];
  }
  switch (operation) {
    case 'Publish':
      return [{ action: 'sns:Publish', resource: text(input.TopicArn ?? input.TargetArn) ?? '*' }];
    case 'PublishBatch':
      return [{ action: 'sns:Publish', resource: topic }];
    case 'Subscribe': {
      const context = { 'sns:Protocol': text(input.Protocol) ?? '', 'sns:Endpoint': text(input.Endpoint) ?? '' };
      return [{ action: 'sns:Subscribe', resource: topic, context }];
    }
    case 'ListTopics':
    case 'ListSubscriptions':
      return [{ action: `sns:${operation}`, resource: '*' }];
    default:
      return undefined;
  }
}
