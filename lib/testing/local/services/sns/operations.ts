import * as facts from '../../../../core/facts/sns';
import { AwsError } from '../../kernel/aws-errors';
import { type JsonObject, recordOf, records, text } from '../../kernel/json';
import { pageOf } from '../../kernel/page';
import type { LocalContext } from '../../kernel/service';
import type { FanOut } from './fan-out';
import type { SnsResult } from './forms';
import { invalid, type NewNotification, newNotification, sizeOf } from './message';
import type { Subscription } from './subscription';
import type { Topic } from './topic';
import { TopicOperations } from './topic-operations';
import type { Topics } from './topics';

const PAGE = 100;
const ENTRY_ID = /^[\w-]+$/;
const MOST_LETTERS = 80;

/** Dependencies of the operations. */
export interface OperationParts {
  readonly context: LocalContext;
  readonly topics: Topics;
  readonly fanOut: FanOut;
}

/** SNS operations on the topics of a run. */
export class SnsOperations {
  private readonly onTopics: TopicOperations;

  /** @param parts their dependencies */
  constructor(private readonly parts: OperationParts) {
    this.onTopics = new TopicOperations(parts.context, parts.topics);
  }

  /**
   * Executes an operation.
   * @param signed whether the caller has credentials
   * @throws AwsError as SNS does
   */
  answer(operation: string, input: JsonObject, signed: boolean): SnsResult {
    const { topics, context } = this.parts;
    switch (operation) {
      case 'Publish':
        return this.publish(input);
      case 'PublishBatch':
        return this.publishBatch(this.topic(input), records(input.PublishBatchRequestEntries));
      case 'CreateTopic':
      case 'DeleteTopic':
      case 'TagResource':
      case 'UntagResource':
      case 'ListTagsForResource':
        return this.onTopics.answer(operation, input);
      case 'Subscribe':
        return this.subscribe(this.topic(input), input);
      case 'ConfirmSubscription':
        return this.confirm(input, signed);
      case 'Unsubscribe':
        this.unsubscribe(input, signed);
        return {};
      case 'GetTopicAttributes': {
        const topic = this.topic(input);
        const policy = context.policies.ofResource(topic.arn);
        return { Attributes: topic.shown(context.account, policy && JSON.stringify(policy)) };
      }
      case 'SetTopicAttributes':
        this.topic(input).set(text(input.AttributeName) ?? '', text(input.AttributeValue) ?? '');
        return {};
      case 'GetSubscriptionAttributes':
        return { Attributes: this.subscription(input).shown(context.account) };
      case 'SetSubscriptionAttributes':
        this.subscription(input).set(text(input.AttributeName) ?? '', text(input.AttributeValue) ?? '');
        return {};
      case 'ListTopics':
        return page(
          'Topics',
          topics.all.map(({ arn }) => ({ TopicArn: arn })),
          input,
        );
      case 'ListSubscriptions':
        return page(
          'Subscriptions',
          topics.subscriptions.map((one) => this.listed(one)),
          input,
        );
      default:
        return page(
          'Subscriptions',
          this.topic(input).subscriptions.map((one) => this.listed(one)),
          input,
        );
    }
  }

  /** The ARN of the topic with a given name. */
  arnOf(name: string): string {
    return this.onTopics.arnOf(name);
  }

  /** Publishes to a topic and starts delivery. */
  send(topic: Topic, given: NewNotification): SnsResult {
    const { message, isNew } = topic.publish(given);
    if (isNew) this.parts.fanOut.publish(topic, message);
    return { MessageId: message.id, SequenceNumber: message.sequenceNumber };
  }

  private publish(input: JsonObject): SnsResult {
    const target = text(input.TopicArn ?? input.TargetArn);
    if (target === undefined || target.includes(':endpoint/')) {
      throw new AwsError('LocalRunUnsupported', 'The local run sends nothing to telephones and mobile devices.', 501);
    }
    return this.send(this.topic({ TopicArn: target }), newNotification(input));
  }

  private publishBatch(topic: Topic, entries: readonly JsonObject[]): SnsResult {
    checkBatch(entries);
    const given = entries.map((entry) => ({ Id: text(entry.Id) ?? '', message: newNotification(entry) }));
    const size = given.reduce((sum, { message }) => sum + sizeOf(message), 0);
    if (size > facts.messageSize.value) {
      const said = 'The length of all the messages put together is more than the limit.';
      throw new AwsError('BatchRequestTooLong', said);
    }
    const Successful: SnsResult[] = [];
    const Failed: SnsResult[] = [];
    for (const { Id, message } of given) {
      try {
        Successful.push({ Id, ...this.send(topic, message) });
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        Failed.push({ Id, Code: error.code, Message: error.message, SenderFault: 'true' });
      }
    }
    return { Successful, Failed };
  }

  private subscribe(topic: Topic, input: JsonObject): SnsResult {
    const { topics, fanOut } = this.parts;
    const attributes = Object.fromEntries(
      Object.entries(recordOf(input.Attributes)).map(([name, value]) => [name, text(value) ?? '']),
    );
    const given = { protocol: text(input.Protocol) ?? '', endpoint: text(input.Endpoint) ?? '', attributes };
    const { subscription, isNew } = topics.subscribe(topic, given);
    const reason = fanOut.whyNotDelivered(subscription);
    if (isNew && reason) {
      this.parts.context.logs.write(topics.displayNameOf(topic), `NOTE of a subscription by Subscribe, ${reason}`);
    }
    if (subscription.pending) fanOut.sendRequest(topic, subscription, 'SubscriptionConfirmation');
    const hidden = subscription.pending && input.ReturnSubscriptionArn !== 'true';
    return { SubscriptionArn: hidden ? 'pending confirmation' : subscription.arn };
  }

  private confirm(input: JsonObject, signed: boolean): SnsResult {
    const topic = this.topic(input);
    const subscription = this.parts.topics.confirm(text(input.Token) ?? '');
    if (!subscription || subscription.topicArn !== topic.arn) throw invalid('Token');
    subscription.authenticated = signed;
    if (signed) subscription.endsAuthenticated = input.AuthenticateOnUnsubscribe === 'true';
    return { SubscriptionArn: subscription.arn };
  }

  private unsubscribe(input: JsonObject, signed: boolean): void {
    const { topics, fanOut } = this.parts;
    const arn = text(input.SubscriptionArn) ?? '';
    const elements = arn.split(':').length;
    if (elements < 6) {
      throw invalid(`SubscriptionArn Reason: An ARN must have at least 6 elements, not ${elements}`);
    }
    if (!signed && topics.subscription(arn)?.endsAuthenticated) {
      throw new AwsError('AuthorizationError', 'Authentication is required to unsubscribe', 403);
    }
    const subscription = topics.unsubscribe(arn);
    const topic = subscription && topics.find(subscription.topicArn);
    if (topic && !signed) fanOut.sendRequest(topic, subscription, 'UnsubscribeConfirmation');
  }

  private topic({ TopicArn }: JsonObject): Topic {
    const arn = text(TopicArn) ?? '';
    const elements = arn.split(':').length;
    if (elements < 6) throw invalid(`TopicArn Reason: An ARN must have at least 6 elements, not ${elements}`);
    const topic = this.parts.topics.find(arn);
    if (topic) return topic;
    throw new AwsError('NotFound', 'Topic does not exist', 404);
  }

  private subscription({ SubscriptionArn }: JsonObject): Subscription {
    const subscription = this.parts.topics.subscription(text(SubscriptionArn) ?? '');
    if (subscription) return subscription;
    throw new AwsError('NotFound', 'Subscription does not exist', 404);
  }

  private listed({ arn, pending, protocol, endpoint, topicArn }: Subscription): SnsResult {
    const SubscriptionArn = pending ? 'PendingConfirmation' : arn;
    const Owner = this.parts.context.account;
    return { SubscriptionArn, Owner, Protocol: protocol, Endpoint: endpoint, TopicArn: topicArn };
  }
}

function page(name: string, all: readonly SnsResult[], { NextToken }: JsonObject): SnsResult {
  const { items, next } = pageOf(all, text(NextToken), PAGE);
  return { [name]: items, NextToken: next };
}

function checkBatch(entries: readonly JsonObject[]): void {
  if (entries.length === 0) throw new AwsError('EmptyBatchRequest', `The batch request doesn't contain any entries.`);
  if (entries.length > facts.batchEntries.value) {
    throw new AwsError('TooManyEntriesInBatchRequest', 'The batch request contains more entries than permissible.');
  }
  const ids = entries.map(({ Id }) => text(Id) ?? '');
  for (const id of ids) {
    if (id.length > MOST_LETTERS) {
      throw new AwsError('InvalidBatchEntryId', `The Id of a batch entry in the batch request is too long: ${id}`);
    }
    if (!ENTRY_ID.test(id)) {
      const said = `The Id of a batch entry in the batch request contains an impermissible character: ${id}`;
      throw new AwsError('InvalidBatchEntryId', said);
    }
  }
  if (new Set(ids).size < ids.length) {
    throw new AwsError('BatchEntryIdsNotDistinct', 'Two or more batch entries in the request have the same Id.');
  }
}
