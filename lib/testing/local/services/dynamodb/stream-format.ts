import { type JsonObject, number, recordOf, text } from '../../kernel/json';
import type { StreamFormat } from '../event-source-mappings/stream-format';

/**
 * Streams of tables, as Lambda reads them.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
 */
export const TABLE_STREAM: StreamFormat = {
  service: 'dynamodb',
  target: 'DynamoDBStreams_20120810',
  arnParameter: 'StreamArn',
  shards: { operation: 'DescribeStream', of: ({ StreamDescription }) => recordOf(StreamDescription).Shards },
  batchInfo: 'DDBStreamBatchInfo',
  swapped(first, second) {
    const [one, other] = [recordOf(first.dynamodb), recordOf(second.dynamodb)];
    // Only changes to the same item keep their order.
    if (JSON.stringify(one.Keys) === JSON.stringify(other.Keys)) return undefined;
    const at = (item: JsonObject, change: JsonObject, place: JsonObject) => ({
      ...item,
      dynamodb: { ...change, SequenceNumber: place.SequenceNumber },
    });
    return [at(second, other, one), at(first, one, other)];
  },
  record(item, { arn, region }) {
    const change = recordOf(item.dynamodb);
    const event = { ...item, eventSource: 'aws:dynamodb', awsRegion: region, eventSourceARN: arn };
    return {
      sequence: text(change.SequenceNumber) ?? '',
      key: JSON.stringify(change.Keys),
      arrival: (number(change.ApproximateCreationDateTime) ?? 0) * 1000,
      event,
      filtered: event,
    };
  },
};
