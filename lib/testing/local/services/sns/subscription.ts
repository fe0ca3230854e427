import { parseArn } from '../../../../core/arn';
import { AwsError } from '../../kernel/aws-errors';
import { isRecord, type JsonObject, parseJson, recordOf, text } from '../../kernel/json';
import { type FilterScope, readFilterPolicy } from '../../../../core/sns/filter-policy';
import { passes } from './filter-match';
import { contentFor, invalid, type Notification } from './message';
import type { Topic } from './topic';

/** Settable subscription attributes. */
const SETTABLE = [
  'DeliveryPolicy',
  'FilterPolicy',
  'FilterPolicyScope',
  'RawMessageDelivery',
  'RedrivePolicy',
  'ReplayPolicy',
  'SubscriptionRoleArn',
];
const PROTOCOLS = ['http', 'https', 'email', 'email-json', 'sms', 'sqs', 'application', 'lambda', 'firehose'];
const RAW_PROTOCOLS = ['sqs', 'http', 'https', 'firehose'];

/** A subscription as requested. */
export interface NewSubscription {
  readonly protocol: string;
  readonly endpoint: string;
  /** In API form: strings, with policies as JSON. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** A subscription of a topic. */
export class Subscription {
  readonly protocol: string;
  readonly endpoint: string;
  /** Whether it still awaits confirmation by its endpoint. */
  pending: boolean;
  /** Whether it was confirmed with credentials, or needed no confirmation. */
  authenticated = true;
  /** Whether unsubscribing requires credentials. */
  endsAuthenticated = false;
  private values: Readonly<Record<string, string>>;
  private filter: JsonObject | undefined;

  /**
   * @param topic the topic it subscribes to
   * @throws AwsError when SNS would reject it
   */
  constructor(
    private readonly topic: Topic,
    readonly arn: string,
    { protocol, endpoint, attributes }: NewSubscription,
  ) {
    checkEndpoint(topic, protocol, endpoint);
    this.protocol = protocol;
    this.endpoint = endpoint;
    this.pending = ['http', 'https', 'email', 'email-json'].includes(protocol);
    this.values = {};
    this.take(attributes, 'Attributes Reason: ');
  }

  get topicArn(): string {
    return this.topic.arn;
  }

  get signatureVersion(): string {
    return this.topic.attribute('SignatureVersion') ?? '1';
  }

  /** Whether messages are delivered raw, without an envelope. */
  get raw(): boolean {
    return this.values.RawMessageDelivery === 'true';
  }

  /** The ARN of its dead-letter queue. */
  get deadLetterQueue(): string | undefined {
    return text(recordOf(parseJson(this.values.RedrivePolicy ?? '')).deadLetterTargetArn);
  }

  private get scope(): FilterScope {
    return this.values.FilterPolicyScope === 'MessageBody' ? 'MessageBody' : 'MessageAttributes';
  }

  /** An attribute, in API form. */
  setting(name: string): string | undefined {
    return this.values[name];
  }

  /** Whether its filter policy matches a message. */
  wants(message: Notification): boolean {
    if (!this.filter) return true;
    return passes(this.filter, this.scope, {
      body: contentFor(message, this.protocol),
      attributes: message.attributes,
    });
  }

  /** @throws AwsError when SetSubscriptionAttributes would reject the value */
  set(name: string, value: string): void {
    this.take({ [name]: value }, '');
  }

  /** Whether its settings differ from those given. */
  differs(attributes: Readonly<Record<string, string>>): boolean {
    return Object.entries(attributes).some(([name, value]) => this.values[name] !== value);
  }

  /** What GetSubscriptionAttributes returns. */
  shown(account: string): ReadonlyMap<string, string> {
    const { FilterPolicyScope = 'MessageAttributes', FilterPolicy, ...others } = this.values;
    return new Map([
      ['SubscriptionArn', this.arn],
      ['TopicArn', this.topicArn],
      ['Protocol', this.protocol],
      ['Endpoint', this.endpoint],
      ['Owner', account],
      ['PendingConfirmation', String(this.pending)],
      ['ConfirmationWasAuthenticated', String(this.authenticated)],
      ['SubscriptionPrincipal', `arn:aws:iam::${account}:root`],
      ['RawMessageDelivery', String(this.raw)],
      ...Object.entries(others),
      ...(FilterPolicy === undefined ? [] : Object.entries({ FilterPolicy, FilterPolicyScope })),
    ]);
  }

  private take(given: Readonly<Record<string, string>>, prefix: string): void {
    const values: Record<string, string> = { ...this.values, ...given };
    for (const [name, value] of Object.entries(given)) {
      if (name === 'RawMessageDelivery') values[name] = value.toLowerCase();
      const reason = this.refusal(name, value);
      if (reason) throw invalid(prefix + reason);
    }
    // An empty policy removes it.
    for (const name of ['FilterPolicy', 'RedrivePolicy', 'DeliveryPolicy'])
      if (values[name] === '') delete values[name];
    const scope = values.FilterPolicyScope === 'MessageBody' ? 'MessageBody' : 'MessageAttributes';
    const filter = values.FilterPolicy === undefined ? undefined : readFilterPolicy(values.FilterPolicy, scope);
    if (typeof filter === 'string') throw invalid(prefix + filter);
    this.values = values;
    this.filter = filter;
  }

  private refusal(name: string, value: string): string | undefined {
    switch (name) {
      case 'FilterPolicyScope':
        return ['MessageAttributes', 'MessageBody'].includes(value)
          ? undefined
          : `FilterPolicyScope: Invalid value [${value}]. Please use either MessageBody or MessageAttributes`;
      case 'RawMessageDelivery':
        if (!['true', 'false'].includes(value.toLowerCase()))
          return `RawMessageDelivery: Invalid value [${value}]. Must be true or false.`;
        return value.toLowerCase() === 'false' || RAW_PROTOCOLS.includes(this.protocol)
          ? undefined
          : `Delivery protocol [${this.protocol}] does not support raw message delivery.`;
      case 'RedrivePolicy':
        return this.redriveRefusal(value);
      case 'ReplayPolicy':
        throw new AwsError(
          'LocalRunUnsupported',
          'The local run keeps no archive of a topic: nothing is replayed.',
          501,
        );
      default:
        return SETTABLE.includes(name) ? undefined : 'AttributeName';
    }
  }

  private redriveRefusal(value: string): string | undefined {
    if (value === '') return undefined;
    const policy = parseJson(value);
    if (!isRecord(policy)) return 'RedrivePolicy: failed to parse JSON.';
    const queue = text(policy.deadLetterTargetArn) ?? '';
    if (parseArn(queue)?.service !== 'sqs') return 'RedrivePolicy: deadLetterTargetArn is an invalid arn';
    if (this.endpoint.endsWith('.fifo') && !queue.endsWith('.fifo')) {
      return 'RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic.';
    }
    if (!this.topic.fifo && queue.endsWith('.fifo')) {
      return 'RedrivePolicy: must use a standard queue as DLQ for a subscription to a standard Topic.';
    }
    return undefined;
  }
}

function checkEndpoint({ fifo }: Topic, protocol: string, endpoint: string): void {
  if (!PROTOCOLS.includes(protocol)) throw invalid(`Amazon SNS does not support this protocol string: ${protocol}`);
  if (fifo && protocol !== 'sqs') throw invalid(`Invalid protocol type: ${protocol}`);
  if (endpoint === '') throw invalid('Endpoint');
  if (protocol.startsWith('http') && !endpoint.startsWith(`${protocol}://`)) {
    throw invalid('Endpoint must match the specified protocol');
  }
  if (protocol === 'sqs' && parseArn(endpoint)?.service !== 'sqs') throw invalid('SQS endpoint ARN');
  if (protocol === 'lambda' && parseArn(endpoint)?.service !== 'lambda') throw invalid('Lambda endpoint ARN');
  if (!fifo && endpoint.endsWith('.fifo')) {
    throw invalid('Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics');
  }
}
