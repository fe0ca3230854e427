import { AwsError } from '../../kernel/aws-errors';
import { number, text } from '../../kernel/json';
import { type NewMessage, sizeOf } from './message';
import type { QueueSettings } from './settings';

/** Characters not allowed in a body: those XML 1.0 excludes. */
const FORBIDDEN = /[^\u0009\u000A\u000D\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;
const MAX_ATTRIBUTES = 10;
const ATTRIBUTE_NAME = /^(?!(aws|amazon)\.)(?!\.)(?!.*\.\.)[\w.-]{1,256}(?<!\.)$/i;
const ATTRIBUTE_TYPE = /^(String|Number|Binary)(\..+)?$/;
/** Letters, digits and punctuation. */
const FIFO_ID = /^[\w!"#$%&'()*+,\-./:;<=>?@[\\\]^`{|}~]{1,128}$/;
/** The format of a batch entry id. */
export const ENTRY_ID = /^[\w-]{1,80}$/;
const RECEIPT_HANDLE = /^[\da-f-]{36} [\da-f-]{36}$/;

/** Settable queue attributes, with the range of numeric ones. */
const SETTABLE: Readonly<Record<string, readonly [min: number, max: number] | undefined>> = {
  DelaySeconds: [0, 900],
  MaximumMessageSize: [1024, 1_048_576],
  MessageRetentionPeriod: [60, 1_209_600],
  ReceiveMessageWaitTimeSeconds: [0, 20],
  VisibilityTimeout: [0, 43_200],
  Policy: undefined,
  RedrivePolicy: undefined,
  RedriveAllowPolicy: undefined,
  KmsMasterKeyId: undefined,
  KmsDataKeyReusePeriodSeconds: [60, 86_400],
  SqsManagedSseEnabled: undefined,
  ContentBasedDeduplication: undefined,
  DeduplicationScope: undefined,
  FifoThroughputLimit: undefined,
};

/** Read-only queue attributes. */
const READABLE = [
  'All',
  'QueueArn',
  'FifoQueue',
  'CreatedTimestamp',
  'LastModifiedTimestamp',
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
];

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValue', message);
}

/**
 * Rejects messages that the queue would reject.
 * @throws AwsError worded like SQS
 */
export function checkNewMessage(message: NewMessage, settings: QueueSettings, fifo: boolean): void {
  const invalid = (reason: string) => new AwsError('InvalidParameterValue', reason);
  if (message.body === '') {
    throw new AwsError('MissingParameter', 'The request must contain the parameter MessageBody.');
  }
  const { maximumSize, contentBasedDeduplication } = settings;
  if (sizeOf(message) > maximumSize) {
    throw invalid(`One or more parameters are invalid. Reason: Message must be shorter than ${maximumSize} bytes.`);
  }
  checkMessage(message, fifo);
  if (!fifo) return;
  if (message.groupId === undefined) {
    throw new AwsError('MissingParameter', 'The request must contain the parameter MessageGroupId.');
  }
  if (message.deduplicationId === undefined && !contentBasedDeduplication) {
    throw invalid(
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
  }
  if (message.delay !== undefined && message.delay > 0) {
    const value = `Value ${message.delay} for parameter DelaySeconds is invalid.`;
    throw invalid(`${value} Reason: The request include parameter that is not valid for this queue type.`);
  }
}

/**
 * @throws AwsError for a message that SQS would reject
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
function checkMessage({ body, attributes = {}, groupId, deduplicationId, delay }: NewMessage, fifo: boolean): void {
  if (FORBIDDEN.test(body)) {
    const message =
      'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF';
    throw new AwsError('InvalidMessageContents', message);
  }
  checkAttributes(attributes);
  if (delay !== undefined && (delay < 0 || delay > 900)) {
    throw invalid(
      `Value ${delay} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.`,
    );
  }
  if (!fifo && deduplicationId !== undefined) {
    throw invalid(
      `Value ${deduplicationId} for parameter MessageDeduplicationId is invalid. Reason: The request include parameter that is not valid for this queue type.`,
    );
  }
  for (const [name, value] of Object.entries({ MessageGroupId: groupId, MessageDeduplicationId: deduplicationId })) {
    if (value === undefined || FIFO_ID.test(value)) continue;
    throw invalid(
      `Value ${value} for parameter ${name} is invalid. Reason: ${name} can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
    );
  }
}

function checkAttributes(attributes: NonNullable<NewMessage['attributes']>): void {
  const all = Object.entries(attributes);
  if (all.length > MAX_ATTRIBUTES) {
    throw invalid(`Number of message attributes [${all.length}] exceeds the allowed maximum [${MAX_ATTRIBUTES}].`);
  }
  for (const [name, { DataType, StringValue, BinaryValue }] of all) {
    if (!ATTRIBUTE_NAME.test(name)) {
      throw invalid(
        `The message attribute name '${name}' is invalid. Attribute name can contain A-Z, a-z, 0-9, underscore (_), hyphen (-), and period (.) characters, begins and ends with none of them twice, and not with AWS. or Amazon.`,
      );
    }
    const type = text(DataType) ?? '';
    if (type === '') throw invalid(`The message attribute '${name}' must contain a non-empty message attribute type.`);
    if (!ATTRIBUTE_TYPE.test(type)) {
      throw invalid(
        `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
      );
    }
    const value = type.startsWith('Binary') ? BinaryValue : StringValue;
    if ((text(value) ?? '') === '') {
      throw invalid(`The message attribute '${name}' must contain a non-empty value of type '${type.split('.')[0]}'.`);
    }
    if (type.startsWith('Number') && number(value) === undefined) {
      throw invalid(`Can't cast the value of message (user) attribute '${name}' to a number.`);
    }
    if (typeof value === 'string' && !type.startsWith('Binary') && FORBIDDEN.test(value)) {
      throw invalid(`The message attribute '${name}' contains invalid characters.`);
    }
  }
}

/** @throws AwsError for a malformed receipt handle */
export function checkHandle(handle: string): void {
  if (RECEIPT_HANDLE.test(Buffer.from(handle, 'base64').toString())) return;
  throw new AwsError(
    'ReceiptHandleIsInvalid',
    `The input receipt handle "${handle}" is not a valid receipt handle.`,
    404,
  );
}

/** @throws AwsError for a number out of range */
export function checkRange(name: string, value: number | undefined, min: number, max: number): void {
  if (value === undefined || (value >= min && value <= max)) return;
  throw invalid(
    `Value ${value} for parameter ${name} is invalid. Reason: Must be >= ${min} and <= ${max}, if provided.`,
  );
}

/** @throws AwsError for attributes that cannot be set */
export function checkSettable(attributes: Readonly<Record<string, unknown>>, fifo: boolean): void {
  for (const [name, value] of Object.entries(attributes)) {
    const onFifo = ['ContentBasedDeduplication', 'DeduplicationScope', 'FifoThroughputLimit'].includes(name);
    if (!(name in SETTABLE) || (onFifo && !fifo))
      throw new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
    const range = SETTABLE[name];
    const given = number(value) ?? NaN;
    if (range && !(given >= range[0] && given <= range[1])) {
      throw new AwsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);
    }
  }
}

/** @throws AwsError for unknown attributes */
export function checkReadable(names: readonly string[]): void {
  const unknown = names.find((name) => !READABLE.includes(name) && !(name in SETTABLE));
  if (unknown !== undefined) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
}
