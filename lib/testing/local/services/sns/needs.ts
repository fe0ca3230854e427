import type { Need } from '../../kernel/judge';
import { type JsonObject, text } from '../../kernel/json';
import { tagContext } from './tags';

const ON_TAGS = ['TagResource', 'UntagResource', 'ListTagsForResource'];
const ON_A_TOPIC = [
  'DeleteTopic',
  'GetTopicAttributes',
  'SetTopicAttributes',
  'ListSubscriptionsByTopic',
  'ConfirmSubscription',
];
const ON_A_SUBSCRIPTION = ['GetSubscriptionAttributes', 'SetSubscriptionAttributes', 'Unsubscribe'];

/**
 * The permissions a call needs; undefined for an unsupported operation.
 * @param arnOf the ARN of the topic with a given name
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html
 */
export function snsNeeds(
  operation: string,
  input: JsonObject,
  arnOf: (name: string) => string,
): readonly Need[] | undefined {
  const topic = text(input.TopicArn) ?? '';
  if (ON_A_TOPIC.includes(operation)) return [{ action: `sns:${operation}`, resource: topic }];
  if (ON_A_SUBSCRIPTION.includes(operation)) {
    const resource = (text(input.SubscriptionArn) ?? '').replace(/:[^:]*$/, '');
    return [{ action: `sns:${operation}`, resource }];
  }
  if (ON_TAGS.includes(operation)) {
    const resource = text(input.ResourceArn) ?? '';
    return [{ action: `sns:${operation}`, resource, context: tagContext(input) }];
  }
  switch (operation) {
    case 'CreateTopic': {
      const need = { resource: arnOf(text(input.Name) ?? ''), context: tagContext(input) };
      // Setting tags requires its own permission.
      const tags = input.Tags === undefined ? [] : [{ action: 'sns:TagResource', ...need }];
      return [{ action: 'sns:CreateTopic', ...need }, ...tags];
    }
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
