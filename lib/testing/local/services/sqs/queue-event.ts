import type { JsonObject } from '../../kernel/json';
import { md5, md5OfAttributes, type Message, systemAttributes } from './message';
import type { Queue } from './queue';

/**
 * A message as a handler receives it.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 */
export function queueRecord(queue: Queue, message: Message, region: string): JsonObject {
  const attributes = Object.entries(message.attributes ?? {}).map(([name, { DataType, StringValue, BinaryValue }]) => [
    name,
    {
      ...(StringValue !== undefined && { stringValue: StringValue }),
      ...(BinaryValue !== undefined && { binaryValue: BinaryValue }),
      stringListValues: [],
      binaryListValues: [],
      dataType: DataType,
    },
  ]);
  const checksum = md5OfAttributes(message.attributes);
  return {
    messageId: message.id,
    receiptHandle: message.handle,
    body: message.body,
    attributes: systemAttributes(message, queue.fifo),
    messageAttributes: Object.fromEntries(attributes),
    ...(checksum !== undefined && { md5OfMessageAttributes: checksum }),
    md5OfBody: md5(message.body),
    eventSource: 'aws:sqs',
    eventSourceARN: queue.arn,
    awsRegion: region,
  };
}
