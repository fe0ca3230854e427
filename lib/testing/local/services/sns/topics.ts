import { randomBytes, randomUUID } from 'node:crypto';
import type { Clock } from '../../kernel/clock';
import type { Deployed, Deployment } from '../../kernel/deployment';
import { isRecord, type JsonObject, recordOf, records, text } from '../../kernel/json';
import { knownLater } from '../../kernel/known-later';
import { AwsError } from '../../kernel/aws-errors';
import { type NewSubscription, Subscription } from './subscription';
import { Topic } from './topic';

/** The CloudFormation type of a topic. */
export const TOPIC = 'AWS::SNS::Topic';
/** The CloudFormation type of a subscription. */
export const SUBSCRIPTION = 'AWS::SNS::Subscription';

/** Topic settings that are strings or policies. */
const TOPIC_SETTINGS = [
  'ContentBasedDeduplication',
  'DeliveryPolicy',
  'DisplayName',
  'FifoThroughputScope',
  'KmsMasterKeyId',
  'SignatureVersion',
  'TracingConfig',
];
const SUBSCRIPTION_SETTINGS = [
  'DeliveryPolicy',
  'FilterPolicy',
  'FilterPolicyScope',
  'RawMessageDelivery',
  'RedrivePolicy',
  'SubscriptionRoleArn',
];

/** A template's subscription that SNS would reject. */
export interface RefusedSubscription {
  readonly resource: Deployed;
  readonly reason: string;
}

/** The templates' topics and subscriptions, and those created by handlers. */
export class Topics {
  /** In template order. */
  readonly all: Topic[] = [];
  /** Template subscriptions that are not created. */
  readonly refused: RefusedSubscription[] = [];
  private readonly sources = new Map<Topic, Deployed>();
  private readonly tokens = new Map<string, Subscription>();

  /** @param clock the services' clock */
  constructor(
    deployment: Deployment,
    private readonly clock: Clock,
  ) {
    for (const topic of deployment.ofType(TOPIC)) this.add(topic);
    for (const subscription of deployment.ofType(SUBSCRIPTION)) this.addSubscription(subscription);
  }

  /** Adds a template's topic, with its inline subscriptions. */
  add(deployed: Deployed): Topic {
    const { arn, name, properties } = deployed;
    const topic = new Topic(name, arn, settingsIn(properties, TOPIC_SETTINGS), this.clock);
    this.all.push(topic);
    this.sources.set(topic, deployed);
    topic.tags = Object.fromEntries(
      records(properties.Tags).map(({ Key, Value }) => [text(Key) ?? '', text(Value) ?? '']),
    );
    const given = records(deployed.given.Subscription);
    for (const [index, one] of records(properties.Subscription).entries())
      this.fromTemplate(deployed, topic, one, recordOf(given[index]));
    return topic;
  }

  /**
   * Creates a topic for a handler.
   * @throws AwsError when SNS would reject a setting
   */
  make(name: string, arn: string, settings: Readonly<Record<string, string>>): Topic {
    const topic = new Topic(name, arn, {}, this.clock);
    for (const [key, value] of Object.entries(settings)) topic.set(key, value);
    this.all.push(topic);
    return topic;
  }

  /** Deletes a handler-created topic and its subscriptions. */
  end(topic: Topic): void {
    this.all.splice(this.all.indexOf(topic), 1);
  }

  /** Topics created by handlers. */
  get made(): readonly Topic[] {
    return this.all.filter((topic) => !this.sources.has(topic));
  }

  /** Adds a template's subscription. */
  addSubscription(deployed: Deployed): void {
    const { properties } = deployed;
    const topic = this.find(text(properties.TopicArn) ?? '');
    if (topic) return this.fromTemplate(deployed, topic, properties, deployed.given);
    this.refused.push({ resource: deployed, reason: `its topic '${text(properties.TopicArn)}' is in no template` });
  }

  /** The topic with an ARN. */
  find(arn: string): Topic | undefined {
    return this.all.find((topic) => topic.arn === arn);
  }

  /** The resource behind a topic; undefined for one created by a handler. */
  sourceOf(topic: Topic): Deployed | undefined {
    return this.sources.get(topic);
  }

  /** The name of a topic in logs. */
  displayNameOf(topic: Topic): string {
    return this.sourceOf(topic)?.displayName ?? topic.name;
  }

  /** A subscription, by its ARN. */
  subscription(arn: string): Subscription | undefined {
    return this.subscriptions.find((one) => one.arn === arn);
  }

  /** The subscriptions of all topics. */
  get subscriptions(): readonly Subscription[] {
    return this.all.flatMap(({ subscriptions }) => subscriptions);
  }

  /**
   * Subscribes an endpoint, at most once.
   * @returns the subscription, and whether it is new
   * @throws AwsError when SNS would reject it
   */
  subscribe(topic: Topic, given: NewSubscription): { readonly subscription: Subscription; readonly isNew: boolean } {
    const known = topic.subscriptions.find(
      ({ protocol, endpoint }) => protocol === given.protocol && endpoint === given.endpoint,
    );
    if (known?.differs(given.attributes)) {
      const said = 'Attributes Reason: Subscription already exists with different attributes';
      throw new AwsError('InvalidParameter', `Invalid parameter: ${said}`);
    }
    if (known) return { subscription: known, isNew: false };
    const subscription = new Subscription(topic, `${topic.arn}:${randomUUID()}`, given);
    topic.subscriptions.push(subscription);
    return { subscription, isNew: true };
  }

  /** Deletes and returns a subscription; undefined if there is none. */
  unsubscribe(arn: string): Subscription | undefined {
    const subscription = this.subscription(arn);
    const list = subscription && this.find(subscription.topicArn)?.subscriptions;
    list?.splice(list.indexOf(subscription!), 1);
    return subscription;
  }

  /** A token that confirms a subscription, or restores one after an unsubscription. */
  tokenFor(subscription: Subscription): string {
    const token = randomBytes(128).toString('hex');
    this.tokens.set(token, subscription);
    return token;
  }

  /** Confirms a token's subscription; undefined for an invalid token. */
  confirm(token: string): Subscription | undefined {
    const subscription = this.tokens.get(token);
    if (!subscription) return undefined;
    subscription.pending = false;
    const list = this.find(subscription.topicArn)?.subscriptions;
    if (!list?.includes(subscription)) list?.push(subscription);
    return subscription;
  }

  /** @param given the same properties, with null for what is not known */
  private fromTemplate(resource: Deployed, topic: Topic, properties: JsonObject, given: JsonObject): void {
    const unknown = knownLater(given, ['Protocol', 'Endpoint']);
    if (unknown.length > 0) {
      for (const reason of unknown)
        this.refused.push({ resource, reason: `nothing is delivered to its subscription: ${reason}` });
      return;
    }
    const asked = {
      protocol: text(properties.Protocol) ?? '',
      endpoint: text(properties.Endpoint) ?? '',
      attributes: settingsIn(properties, SUBSCRIPTION_SETTINGS),
    };
    try {
      const arn = resource.type === SUBSCRIPTION ? resource.arn : `${topic.arn}:${randomUUID()}`;
      topic.subscriptions.push(new Subscription(topic, arn, asked));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      this.refused.push({ resource, reason: `AWS refuses its subscription: ${error.message}` });
    }
  }
}

/** Template settings in API form: strings, with policies as JSON. */
function settingsIn(properties: JsonObject, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = isRecord(properties[name]) ? JSON.stringify(properties[name]) : text(properties[name]);
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}
