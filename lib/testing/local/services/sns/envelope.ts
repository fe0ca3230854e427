import { randomBytes } from 'node:crypto';
import type { JsonObject } from '../../kernel/json';
import { contentFor, type Notification } from './message';
import type { Subscription } from './subscription';

/** A message from SNS itself about a subscription. */
export interface SubscriptionMessage {
  readonly type: 'SubscriptionConfirmation' | 'UnsubscribeConfirmation';
  readonly id: string;
  readonly token: string;
}

/** Where a message's links point, and where its signing certificate would be. */
export interface EnvelopePlace {
  /** The endpoint of the local run. */
  readonly endpoint: string;
  readonly region: string;
}

/**
 * The JSON that a queue or an HTTP endpoint receives without raw delivery.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
 */
export function envelope(message: Notification, subscription: Subscription, place: EnvelopePlace): JsonObject {
  const { id, subject, time, sequenceNumber } = message;
  const attributes = shownAttributes(message);
  return {
    Type: 'Notification',
    MessageId: id,
    ...(sequenceNumber !== undefined && { SequenceNumber: sequenceNumber }),
    TopicArn: subscription.topicArn,
    ...(subject !== undefined && { Subject: subject }),
    Message: contentFor(message, subscription.protocol),
    Timestamp: time,
    // FIFO topics do not sign messages.
    ...(sequenceNumber === undefined && signed(subscription.signatureVersion, 'SigningCertURL', place)),
    UnsubscribeURL: unsubscribeLink(subscription, place),
    ...(Object.keys(attributes).length > 0 && { MessageAttributes: attributes }),
  };
}

/** The event of a function. @see https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html */
export function functionEvent(message: Notification, subscription: Subscription, place: EnvelopePlace): JsonObject {
  const { id, subject, time } = message;
  const Sns = {
    Type: 'Notification',
    MessageId: id,
    TopicArn: subscription.topicArn,
    Subject: subject ?? null,
    Message: contentFor(message, 'lambda'),
    Timestamp: time,
    ...signed('1', 'SigningCertUrl', place),
    UnsubscribeUrl: unsubscribeLink(subscription, place),
    MessageAttributes: shownAttributes(message),
  };
  return {
    Records: [{ EventSource: 'aws:sns', EventVersion: '1.0', EventSubscriptionArn: subscription.arn, Sns }],
  };
}

/** A confirmation request to an HTTP endpoint. Its link points to the local run: following it confirms the subscription. */
export function subscriptionEnvelope(
  { type, id, token }: SubscriptionMessage,
  { topicArn, arn, signatureVersion }: Subscription,
  place: EnvelopePlace,
): JsonObject {
  const link = `${place.endpoint}/?Action=ConfirmSubscription&TopicArn=${topicArn}&Token=${token}`;
  const Message =
    type === 'SubscriptionConfirmation'
      ? `You have chosen to subscribe to the topic ${topicArn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`
      : `You have chosen to deactivate subscription ${arn}.\nTo cancel this operation and restore the subscription, visit the SubscribeURL included in this message.`;
  return {
    Type: type,
    MessageId: id,
    Token: token,
    TopicArn: topicArn,
    Message,
    SubscribeURL: link,
    Timestamp: new Date().toISOString(),
    ...signed(signatureVersion, 'SigningCertURL', place),
  };
}

function unsubscribeLink({ arn }: Subscription, { endpoint }: EnvelopePlace): string {
  return `${endpoint}/?Action=Unsubscribe&SubscriptionArn=${arn}`;
}

/** A placeholder signature: the certificate would have to come from amazonaws.com, so it cannot be verified. */
function signed(version: string, certificate: string, { region }: EnvelopePlace): JsonObject {
  return {
    SignatureVersion: version,
    Signature: randomBytes(256).toString('base64'),
    [certificate]: `https://sns.${region}.amazonaws.com/SimpleNotificationService-${'0'.repeat(32)}.pem`,
  };
}

function shownAttributes({ attributes }: Notification): JsonObject {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      { Type: DataType, Value: DataType.startsWith('Binary') ? BinaryValue : StringValue },
    ]),
  );
}
