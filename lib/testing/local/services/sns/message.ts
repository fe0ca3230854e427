import { randomUUID } from 'node:crypto';
import * as facts from '../../../../core/facts/sns';
import { AwsError } from '../../kernel/aws-errors';
import { isRecord, type JsonObject, number, parseJson, recordOf, text } from '../../kernel/json';

/** Message attributes by name, in API form. */
export type MessageAttributes = Readonly<
  Record<string, { readonly DataType: string; readonly StringValue?: string; readonly BinaryValue?: string }>
>;

/** A message as published. */
export interface NewNotification {
  /** The message; with `structured`, a JSON object with one string per protocol, or `default`. */
  readonly message: string;
  readonly subject?: string;
  readonly attributes: MessageAttributes;
  readonly structured: boolean;
  /** The message group on a FIFO topic; the tenant on a standard topic. */
  readonly groupId?: string;
  /** Deduplication id, on a FIFO topic. */
  readonly deduplicationId?: string;
}

/** A message accepted by a topic. */
export interface Notification extends NewNotification {
  readonly id: string;
  /** When it was published, in ISO format. */
  readonly time: string;
  /** Twenty digits, on a FIFO topic. */
  readonly sequenceNumber?: string;
}

/** SNS's error for an invalid parameter. */
export function invalid(reason: string): AwsError {
  return new AwsError('InvalidParameter', `Invalid parameter: ${reason}`);
}

/** The message in the parameters of Publish or in a batch entry. */
export function newNotification(input: JsonObject): NewNotification {
  const subject = text(input.Subject);
  const groupId = text(input.MessageGroupId);
  const deduplicationId = text(input.MessageDeduplicationId);
  return {
    message: text(input.Message) ?? '',
    attributes: attributesOf(recordOf(input.MessageAttributes)),
    structured: input.MessageStructure === 'json',
    subject,
    groupId,
    deduplicationId,
  };
}

function attributesOf(given: JsonObject): MessageAttributes {
  const all = Object.entries(given).filter((entry): entry is [string, JsonObject] => isRecord(entry[1]));
  return Object.fromEntries(
    all.map(([name, { DataType, StringValue, BinaryValue }]) => {
      const [words, bytes] = [text(StringValue), text(BinaryValue)];
      const value = {
        ...(words !== undefined && { StringValue: words }),
        ...(bytes !== undefined && { BinaryValue: bytes }),
      };
      return [name, { DataType: text(DataType) ?? '', ...value }] as const;
    }),
  );
}

/** The size of a message as SNS counts it, in bytes: its body plus the names, types and values of its attributes. */
export function sizeOf({ message, attributes }: NewNotification): number {
  return Object.entries(attributes).reduce(
    (sum, [name, { DataType, StringValue = '', BinaryValue = '' }]) =>
      sum +
      [name, DataType, StringValue].reduce((all, one) => all + Buffer.byteLength(one), 0) +
      Buffer.from(BinaryValue, 'base64').length,
    Buffer.byteLength(message),
  );
}

/** What subscribers of a protocol receive. */
export function contentFor({ message, structured }: NewNotification, protocol: string): string {
  if (!structured) return message;
  const texts = recordOf(parseJson(message));
  const own = texts[protocol];
  return typeof own === 'string' ? own : String(texts.default);
}

/**
 * Rejects messages that no topic accepts.
 * @throws AwsError worded like SNS
 * @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
export function checkNotification(given: NewNotification): void {
  const { message, subject, attributes, structured, groupId, deduplicationId } = given;

  if (subject !== undefined && (subject.length < 1 || subject.length > 100 || /[\u0000-\u001f\u007f]/.test(subject))) {
    throw invalid('Subject');
  }
  if (message === '') throw invalid('Empty message');
  checkAttributes(attributes);
  if (sizeOf(given) > facts.messageSize.value) throw invalid('Message too long');
  for (const [name, value] of Object.entries({ MessageGroupId: groupId, MessageDeduplicationId: deduplicationId })) {
    if (value === undefined || FIFO_ID.test(value)) continue;
    throw invalid(
      `${name} Reason: ${name} can only include alphanumeric and punctuation characters. 1 to 128 in length`,
    );
  }
  if (!structured) return;
  const texts = parseJson(message);
  if (!isRecord(texts)) throw invalid('Message Structure - JSON message body failed to parse');
  if (typeof texts.default !== 'string') throw invalid('Message Structure - No default entry in JSON message body');
}

/** Letters, digits and punctuation. */
const FIFO_ID = /^[\w!"#$%&'()*+,\-./:;<=>?@[\\\]^`{|}~]{1,128}$/;
const ATTRIBUTE_NAME = /^(?!(aws|amazon)\.)(?!\.)(?!.*\.\.)[\w.-]{1,256}(?<!\.)$/i;
const ATTRIBUTE_TYPE = /^(String|Number|Binary)(\..+)?$/;

function checkAttributes(attributes: MessageAttributes): void {
  const refused = (reason: string) => new AwsError('ParameterValueInvalid', reason);
  for (const [name, { DataType, StringValue = '', BinaryValue = '' }] of Object.entries(attributes)) {
    if (!ATTRIBUTE_NAME.test(name)) {
      throw refused(
        `The message attribute name '${name}' is invalid. It can only include alphanumeric characters, hyphens, underscores, or dots.`,
      );
    }
    if (DataType === '')
      throw refused(`The message attribute '${name}' must contain a non-empty message attribute type.`);
    if (!ATTRIBUTE_TYPE.test(DataType)) {
      const supported = 'the set of supported type prefixes is Binary, Number, and String.';
      throw refused(`The message attribute '${name}' has an invalid message attribute type, ${supported}`);
    }
    if ((DataType.startsWith('Binary') ? BinaryValue : StringValue) === '') {
      const said = `must contain non-empty message attribute value for message attribute type '${DataType}'.`;
      throw refused(`The message attribute '${name}' ${said}`);
    }
    if (DataType.startsWith('Number') && number(StringValue) === undefined) {
      throw refused(`Could not cast message attribute '${name}' value to number.`);
    }
  }
}

/** Stamps a message with its id, time and sequence number. */
export function taken(given: NewNotification, sequence: number | undefined): Notification {
  return {
    ...given,
    id: randomUUID(),
    time: new Date().toISOString(),
    ...(sequence !== undefined && { sequenceNumber: `1${String(sequence).padStart(19, '0')}` }),
  };
}
