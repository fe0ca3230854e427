import { AwsError } from '../../kernel/aws-errors';
import type { Call, HttpRequest, HttpResponse } from '../../kernel/call';
import type { Caller } from '../../kernel/caller';
import type { Deployed } from '../../kernel/deployment';
import { judgeKeysOfDelivery } from '../../kernel/encryption-key';
import { LocalRunError } from '../../kernel/errors';
import { isRecord, text } from '../../kernel/json';
import { knownLater } from '../../kernel/known-later';
import type { Delivery, LocalContext, LocalService, Received, ServiceFront } from '../../kernel/service';
import { FanOut } from './fan-out';
import { answerOf, parametersOf } from './forms';
import { LocalTopic } from './handle';
import { newNotification } from './message';
import { snsNeeds } from './needs';
import { SnsOperations } from './operations';
import type { Subscription } from './subscription';
import { SUBSCRIPTION, TOPIC, Topics } from './topics';

/** The anonymous caller following a link in a message. */
const READER: Caller = { accessKeyId: '', name: 'anonymous', arn: 'anonymous', policies: { identity: [] } };

/** Amazon SNS: the templates' topics and subscriptions, in process. */
export function sns(context: LocalContext): LocalService {
  const topics = new Topics(context.deployment, context.clock);
  const fanOut = new FanOut(context, topics);
  const operations = new SnsOperations({ context, topics, fanOut });
  let began = false;

  async function begin(): Promise<void> {
    began = true;
    for (const deployed of context.deployment.ofType(TOPIC)) reportTopic(deployed);
    for (const { resource, reason } of topics.refused) report(resource, reason);
    for (const subscription of topics.subscriptions) attend(subscription);
  }

  /** Reports what of a subscription is unsupported, and asks its endpoint to confirm it. */
  function attend(subscription: Subscription): void {
    const topic = topics.find(subscription.topicArn)!;
    const own = context.deployment.ofType(SUBSCRIPTION).find(({ arn }) => arn === subscription.arn);
    const reason = fanOut.whyNotDelivered(subscription);
    if (reason) report((own ?? topics.sourceOf(topic))!, reason);
    if (subscription.pending) fanOut.sendRequest(topic, subscription, 'SubscriptionConfirmation');
  }

  function report({ displayName: resource, type }: Deployed, reason: string): void {
    context.unsupported({ resource, type, reason });
  }

  function reportTopic(deployed: Deployed): void {
    const { properties, given } = deployed;
    for (const reason of knownLater(given, ['FifoTopic'])) report(deployed, reason);
    const refuse = (fault: string) => report(deployed, `AWS refuses to create it: ${fault}`);
    const fifo = String(properties.FifoTopic) === 'true';
    const name = text(properties.TopicName);
    if (given.FifoTopic !== null && name !== undefined && fifo !== name.endsWith('.fifo'))
      refuse(fifo ? `the name of a FIFO topic ends in '.fifo', got '${name}'` : `'${name}' is a name for a FIFO topic`);
    if (given.FifoTopic !== null && !fifo && String(properties.ContentBasedDeduplication) === 'true')
      refuse('ContentBasedDeduplication is for FIFO topics');
    if (properties.ArchivePolicy !== undefined) report(deployed, 'its archive is not kept: nothing is replayed');
    if (isRecord(properties.DataProtectionPolicy)) {
      report(deployed, 'its data protection policy is not applied: messages are neither audited, masked nor refused');
    }
  }

  /** Creates a resource that depends on a custom resource's late response. */
  function make(resource: Deployed): void {
    const before = new Set(topics.subscriptions);
    const refused = topics.refused.length;
    if (resource.type === TOPIC) topics.add(resource);
    else if (resource.type === SUBSCRIPTION) topics.addSubscription(resource);
    if (!began) return;
    for (const one of topics.refused.slice(refused)) report(one.resource, one.reason);
    topics.subscriptions.filter((one) => !before.has(one)).forEach(attend);
  }

  async function handle({ operation, request, caller }: Call): Promise<HttpResponse> {
    const parameters = parametersOf(request);
    return answerOf(operation, operations.answer(operation, parameters, caller !== READER));
  }

  /** Publishes an event, a failed invocation or a bucket notification to a topic. */
  async function receive({
    target,
    payload,
    sender,
    message: { attributes = {}, ...order } = {},
  }: Delivery): Promise<void> {
    const topic = topics.find(target);
    if (!topic) throw new AwsError('NotFound', 'Topic does not exist', 404);
    const need = { action: 'sns:Publish', resource: topic.arn };
    context.judgeDelivery(sender, need);
    judgeKeysOfDelivery(context, need, sender, KEY_DENIAL);
    const own = Object.entries(attributes).map(([name, value]) => {
      return [name, typeof value === 'string' ? { DataType: 'String', StringValue: value } : value] as const;
    });
    operations.send(topic, {
      ...newNotification({ MessageAttributes: Object.fromEntries(own) }),
      message: typeof payload === 'string' ? payload : JSON.stringify(payload),
      ...('service' in sender && sender.service === 's3.amazonaws.com' && { subject: 'Amazon S3 Notification' }),
      ...order,
    });
  }

  function handleOf({ arn, displayName }: Deployed): LocalTopic {
    const topic = topics.find(arn);
    if (!topic) throw new LocalRunError(`'${displayName}' is not run`);
    return new LocalTopic(topic, operations);
  }

  return {
    resourceTypes: [TOPIC, SUBSCRIPTION, 'AWS::SNS::TopicPolicy', 'AWS::SNS::TopicInlinePolicy'],
    writers: [TOPIC],
    api: {
      signingNames: ['sns'],
      protocol: 'query',
      denial: {
        code: 'AuthorizationError',
        status: 403,
        action: (action) => action.replace(/^sns:/, 'SNS:'),
        key: KEY_DENIAL,
      },
      front: FRONT,
      needs: ({ operation, request, caller }) =>
        caller === READER ? [] : snsNeeds(operation, parametersOf(request), (name) => operations.arnOf(name)),
      handle,
    },
    handles: {
      topic: {
        types: [TOPIC],
        of: handleOf,
        made: () => new Map(topics.made.map((topic) => [topic.name, new LocalTopic(topic, operations)])),
      },
    },
    make,
    begin,
    receives: (arn) => topics.find(arn) !== undefined,
    receive,
    pending: async () => (fanOut.left > 0 ? [`${fanOut.left} deliveries of notifications`] : []),
    stop: () => fanOut.stop(),
  };
}

const KEY_DENIAL = { code: 'KMSAccessDenied', status: 400 };

/** Links in messages are followed unsigned, to confirm a subscription or to unsubscribe. */
const FRONT: ServiceFront = {
  preflight: () => undefined,
  receive: (request) => (isLink(request) ? { caller: READER, request: asForm(request) } : undefined),
  finish: (_, response) => response,
};

function isLink({ headers, query }: HttpRequest): boolean {
  const parameters = new URLSearchParams(query);
  const signed = parameters.has('X-Amz-Signature') || headers.some(([name]) => name === 'authorization');
  return !signed && ['ConfirmSubscription', 'Unsubscribe'].includes(parameters.get('Action') ?? '');
}

function asForm(request: HttpRequest): Received['request'] {
  const headers = [['content-type', 'application/x-www-form-urlencoded']] as const;
  return { ...request, method: 'POST', query: '', headers, body: Buffer.from(request.query) };
}
