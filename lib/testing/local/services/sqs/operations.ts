import { AwsError } from '../../kernel/aws-errors';
import { isRecord, type JsonObject, number, recordOf, records, text, texts } from '../../kernel/json';
import {
  md5,
  md5OfAttributes,
  type Message,
  type NewMessage,
  sequenceNumber,
  sizeOf,
  systemAttributes,
} from './message';
import { MoveTasks } from './move-tasks';
import type { Queue } from './queue';
import type { Queues } from './queues';
import { queueSettings } from './settings';
import { checkHandle, checkRange, checkReadable, checkSettable, ENTRY_ID } from './validation';

const MAX_BATCH = 10;
const MAX_BATCH_BYTES = 1_048_576;

/** SQS operations on the queues of a run. */
export class SqsOperations {
  private readonly moves: MoveTasks;

  /** @param queues the queues of the run */
  constructor(private readonly queues: Queues) {
    this.moves = new MoveTasks(queues);
  }

  /**
   * Executes an operation; undefined for an unsupported one.
   * @param sender the caller, recorded in messages as the sender
   * @throws AwsError as SQS does
   */
  async answer(operation: string, input: JsonObject, sender: string): Promise<JsonObject | undefined> {
    switch (operation) {
      case 'SendMessage':
        return sent(this.queue(input), newMessage(input, sender));
      case 'SendMessageBatch':
        return this.sendBatch(this.queue(input), input, sender);
      case 'ReceiveMessage':
        return this.receive(this.queue(input), input);
      case 'DeleteMessage':
        remove(this.queue(input), input);
        return {};
      case 'DeleteMessageBatch':
        return batch(input, (entry) => remove(this.queue(input), entry));
      case 'ChangeMessageVisibility':
        changeVisibility(this.queue(input), input);
        return {};
      case 'ChangeMessageVisibilityBatch':
        return batch(input, (entry) => changeVisibility(this.queue(input), entry));
      case 'GetQueueAttributes':
        checkReadable(texts(input.AttributeNames));
        return { Attributes: attributesOf(this.queue(input), texts(input.AttributeNames)) };
      case 'SetQueueAttributes':
        return this.setAttributes(this.queue(input), recordOf(input.Attributes));
      case 'GetQueueUrl':
        return { QueueUrl: this.queue({ QueueUrl: input.QueueName }).url };
      case 'ListQueues':
        return { QueueUrls: this.listed(text(input.QueueNamePrefix) ?? '') };
      case 'ListDeadLetterSourceQueues':
        return { queueUrls: this.queues.sourcesOf(this.queue(input)).map(({ url }) => url) };
      case 'PurgeQueue':
        this.queue(input).purgeOnce();
        return {};
      case 'StartMessageMoveTask':
        return this.moves.start(input);
      case 'ListMessageMoveTasks':
        return this.moves.list(input);
      default:
        return undefined;
    }
  }

  /** Moves a dead-letter queue's messages back to their source queues. */
  redrive(deadLetters: Queue): number {
    return this.moves.move(deadLetters);
  }

  private queue({ QueueUrl }: JsonObject): Queue {
    const queue = this.queues.find(text(QueueUrl) ?? '');
    if (queue) return queue;
    throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
  }

  private listed(prefix: string): readonly string[] {
    return this.queues.all.filter(({ name }) => name.startsWith(prefix)).map(({ url }) => url);
  }

  private sendBatch(queue: Queue, input: JsonObject, sender: string): JsonObject {
    const entries = records(input.Entries);
    const size = entries.reduce((sum, entry) => sum + sizeOf(newMessage(entry, sender)), 0);
    if (size > MAX_BATCH_BYTES) {
      const said = `Batch requests cannot be longer than ${MAX_BATCH_BYTES} bytes. You have sent ${size} bytes.`;
      throw new AwsError('BatchRequestTooLong', said);
    }
    return batch(input, (entry) => sent(queue, newMessage(entry, sender)));
  }

  private async receive(queue: Queue, input: JsonObject): Promise<JsonObject> {
    const max = number(input.MaxNumberOfMessages) ?? 1;
    if (max < 1 || max > MAX_BATCH) {
      const said = `Value ${max} for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.`;
      throw new AwsError('InvalidParameterValue', said);
    }
    const visibility = number(input.VisibilityTimeout);
    checkRange('VisibilityTimeout', visibility, 0, 43_200);
    checkRange('WaitTimeSeconds', number(input.WaitTimeSeconds), 0, 20);
    const options = { max, visibility };
    const wait = (number(input.WaitTimeSeconds) ?? queue.settings.waitTime) * 1000;
    const until = Date.now() + wait;
    let messages = queue.receive(options);
    while (messages.length === 0 && Date.now() < until) {
      await queue.arrival(until - Date.now());
      messages = queue.receive(options);
    }
    const asked = [...texts(input.AttributeNames), ...texts(input.MessageSystemAttributeNames)];
    const named = texts(input.MessageAttributeNames);
    return messages.length === 0 ? {} : { Messages: messages.map((message) => received(queue, message, asked, named)) };
  }

  private setAttributes(queue: Queue, attributes: JsonObject): JsonObject {
    checkSettable(attributes, queue.fifo);
    const current = attributesOf(queue, ['All']);
    queue.settings = queueSettings({ ...current, ...attributes });
    return {};
  }
}

function newMessage(input: JsonObject, sender: string): NewMessage {
  const groupId = text(input.MessageGroupId);
  const deduplicationId = text(input.MessageDeduplicationId);
  const delay = number(input.DelaySeconds);
  const attributes = Object.entries(recordOf(input.MessageAttributes)).filter((entry): entry is [string, JsonObject] =>
    isRecord(entry[1]),
  );
  const traceHeader = text(recordOf(recordOf(input.MessageSystemAttributes).AWSTraceHeader).StringValue);
  return {
    body: text(input.MessageBody) ?? '',
    sender,
    ...(attributes.length > 0 && { attributes: Object.fromEntries(attributes) }),
    groupId,
    deduplicationId,
    delay,
    traceHeader,
  };
}

/** Sends a message. A duplicate is answered with the first one's id, and the checksums of its own content. */
function sent(queue: Queue, given: NewMessage): JsonObject {
  const message = queue.send(given);
  const checksum = md5OfAttributes(given.attributes);
  return {
    MessageId: message.id,
    MD5OfMessageBody: md5(given.body),
    ...(checksum !== undefined && { MD5OfMessageAttributes: checksum }),
    ...(message.deduplicationId !== undefined && { SequenceNumber: sequenceNumber(message) }),
  };
}

function received(queue: Queue, message: Message, asked: readonly string[], named: readonly string[]): JsonObject {
  const system = Object.entries(systemAttributes(message, queue.fifo));
  const wanted = system.filter(([name]) => asked.includes('All') || asked.includes(name));
  const own = Object.entries(message.attributes ?? {}).filter(([name]) =>
    named.some(
      (one) =>
        one === 'All' || one === '.*' || one === name || (/\.\*$/.test(one) && name.startsWith(one.slice(0, -2))),
    ),
  );
  const attributes = Object.fromEntries(own);
  const checksum = md5OfAttributes(attributes);
  return {
    MessageId: message.id,
    ReceiptHandle: message.handle,
    Body: message.body,
    MD5OfBody: md5(message.body),
    ...(wanted.length > 0 && { Attributes: Object.fromEntries(wanted) }),
    ...(checksum !== undefined && { MessageAttributes: attributes, MD5OfMessageAttributes: checksum }),
  };
}

function remove(queue: Queue, input: JsonObject): void {
  const handle = text(input.ReceiptHandle) ?? '';
  checkHandle(handle);
  // On a standard queue, a message already deleted or received again since is not an error.
  if (queue.delete(handle) || !queue.fifo || !queue.holds(handle)) return;
  const said = `Value ${handle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.`;
  throw new AwsError('InvalidParameterValue', said);
}

function changeVisibility(queue: Queue, input: JsonObject): void {
  const seconds = number(input.VisibilityTimeout);
  if (seconds === undefined || seconds < 0 || seconds > 43_200) {
    const said = `Value ${seconds} for parameter VisibilityTimeout is invalid. Reason: Must be between 0 and 43200, if provided.`;
    throw new AwsError('InvalidParameterValue', said);
  }
  checkHandle(text(input.ReceiptHandle) ?? '');
  if (!queue.changeVisibility(text(input.ReceiptHandle) ?? '', seconds)) {
    const said = `Value ${text(input.ReceiptHandle)} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`;
    throw new AwsError('InvalidParameterValue', said);
  }
}

/** One result per entry; a rejected entry does not fail the others. */
function batch(input: JsonObject, act: (entry: JsonObject) => JsonObject | void): JsonObject {
  const entries = records(input.Entries);
  if (entries.length === 0) {
    throw new AwsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  }
  if (entries.length > MAX_BATCH) {
    const said = `Maximum number of entries per request are ${MAX_BATCH}. You have sent ${entries.length}.`;
    throw new AwsError('TooManyEntriesInBatchRequest', said);
  }
  const ids = entries.map(({ Id }) => text(Id) ?? '');
  if (ids.some((id) => !ENTRY_ID.test(id))) {
    const said =
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.';
    throw new AwsError('InvalidBatchEntryId', said);
  }
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
  if (repeated !== undefined) throw new AwsError('BatchEntryIdsNotDistinct', `Id ${repeated} repeated.`);
  const Successful: JsonObject[] = [];
  const Failed: JsonObject[] = [];
  for (const entry of entries) {
    try {
      Successful.push({ Id: entry.Id, ...act(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failed.push({ Id: entry.Id, Code: error.code, Message: error.message, SenderFault: true });
    }
  }
  return { Successful, Failed };
}

function attributesOf(queue: Queue, asked: readonly string[]): Record<string, string> {
  const { settings, depth } = queue;
  const all: Record<string, string> = {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(depth.visible),
    ApproximateNumberOfMessagesNotVisible: String(depth.inFlight),
    ApproximateNumberOfMessagesDelayed: String(depth.delayed),
    VisibilityTimeout: String(settings.visibilityTimeout),
    DelaySeconds: String(settings.delay),
    MessageRetentionPeriod: String(settings.retention),
    MaximumMessageSize: String(settings.maximumSize),
    ReceiveMessageWaitTimeSeconds: String(settings.waitTime),
    ...(settings.redrive && {
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: settings.redrive.target,
        maxReceiveCount: settings.redrive.maxReceiveCount,
      }),
    }),
    ...(settings.redriveFrom !== 'all' && {
      RedriveAllowPolicy: JSON.stringify({ redrivePermission: 'byQueue', sourceQueueArns: settings.redriveFrom }),
    }),
    ...(queue.fifo && {
      FifoQueue: 'true',
      ContentBasedDeduplication: String(settings.contentBasedDeduplication),
      DeduplicationScope: settings.deduplicatePerGroup ? 'messageGroup' : 'queue',
    }),
  };
  return Object.fromEntries(Object.entries(all).filter(([name]) => asked.includes('All') || asked.includes(name)));
}
