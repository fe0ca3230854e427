import { number, text } from '../../kernel/json';
import type { StreamFormat } from '../event-source-mappings/stream-format';

/**
 * Streams of Kinesis, as Lambda reads them.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
 */
export const KINESIS_STREAM: StreamFormat = {
  service: 'kinesis',
  target: 'Kinesis_20131202',
  arnParameter: 'StreamARN',
  shards: { operation: 'ListShards', of: ({ Shards }) => Shards },
  batchInfo: 'KinesisBatchInfo',
  record(item, { arn, shard, region, reader }) {
    const sequence = text(item.SequenceNumber) ?? '';
    const arrival = number(item.ApproximateArrivalTimestamp) ?? 0;
    const partitionKey = text(item.PartitionKey) ?? '';
    const data = text(item.Data) ?? '';
    const kinesis = {
      kinesisSchemaVersion: '1.0',
      partitionKey,
      sequenceNumber: sequence,
      data,
      approximateArrivalTimestamp: arrival,
    };
    return {
      sequence,
      key: partitionKey,
      arrival: arrival * 1000,
      filtered: { ...kinesis, data: Buffer.from(data, 'base64').toString() },
      event: {
        kinesis,
        eventSource: 'aws:kinesis',
        eventVersion: '1.0',
        eventID: `${shard}:${sequence}`,
        eventName: 'aws:kinesis:record',
        invokeIdentityArn: reader,
        awsRegion: region,
        eventSourceARN: arn,
      },
    };
  },
};
