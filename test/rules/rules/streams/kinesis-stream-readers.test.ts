import { kinesisStreamReaders } from '../../../../lib/rules/rules/streams/kinesis-stream-readers';
import { arn, describeAccepted, describeFaults, OPEN } from '../faults';
import { allow, goodFunction, goodRole } from '../parts';
import { streamMapping, streams } from './templates';

const READ = ['kinesis:GetRecords', 'kinesis:GetShardIterator', 'kinesis:DescribeStream', 'kinesis:ListShards'];
const LIST = [...READ, 'kinesis:DescribeStreamSummary'];

const readers = (count: number) =>
  Object.assign(
    {},
    ...Array.from({ length: count }, (_, index) => ({
      ...goodFunction(`Reader${index}`, [allow(LIST, arn('Clicks')), allow('sqs:SendMessage', arn('Failures'))]),
      [`Reader${index}Mapping`]: {
        ...streamMapping(`Reader${index}`),
        Properties: { ...streamMapping(`Reader${index}`).Properties, EventSourceArn: arn('Clicks') },
      },
    })),
  ) as Record<string, object>;

const consumers = (count: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `Fan${index}`,
      { Type: 'AWS::Kinesis::StreamConsumer', Properties: { ConsumerName: `fan-${index}`, StreamARN: arn('Clicks') } },
    ]),
  );
const delivery = {
  DeliveryRole: goodRole('firehose.amazonaws.com', [allow(LIST, arn('Clicks'))]),
  Archive: {
    Type: 'AWS::KinesisFirehose::DeliveryStream',
    Properties: {
      DeliveryStreamType: 'KinesisStreamAsSource',
      KinesisStreamSourceConfiguration: { KinesisStreamARN: arn('Clicks'), RoleARN: arn('DeliveryRole') },
    },
  },
};
const onDemand = { 'Clicks.StreamModeDetails': { StreamMode: 'ON_DEMAND' } };

describeFaults(kinesisStreamReaders, streams, [
  {
    mistake: 'a sixth reader that shares the throughput',
    change: readers(6),
    message: 'has 6 readers that share its throughput, more than the 5 reads a second of a shard',
    openButFine: { ...readers(6), 'Reader5Mapping.EventSourceArn': OPEN },
  },
  {
    mistake: 'a sixth reader that spells the ARN of the stream',
    change: {
      ...readers(6),
      'Clicks.Name': 'clicks',
      'Reader5Mapping.EventSourceArn': {
        'Fn::Sub': 'arn:${AWS::Partition}:kinesis:${AWS::Region}:${AWS::AccountId}:stream/clicks',
      },
    },
    message: 'has 6 readers that share its throughput',
    openButFine: {
      ...readers(6),
      'Clicks.Name': 'clicks',
      'Reader5Mapping.EventSourceArn': {
        'Fn::Sub': 'arn:aws:kinesis:${AWS::Region}:${AWS::AccountId}:stream/clicks/consumer/fan:1',
      },
    },
  },
  {
    mistake: 'a delivery stream that shares it with five readers',
    change: { ...readers(5), ...delivery },
    message: 'has 6 readers that share its throughput',
    open: { ...readers(6), 'Reader5Mapping.Enabled': OPEN },
  },
  {
    mistake: 'twenty-one consumers of a stream with shards of its own',
    change: consumers(21),
    message: 'has 21 consumers with enhanced fan-out, more than 20',
    open: { ...consumers(21), ...onDemand },
  },
  {
    mistake: 'more consumers than any account may have',
    change: { ...consumers(51), ...onDemand },
    message: 'has 51 consumers with enhanced fan-out, more than 50',
  },
]);

describeAccepted(kinesisStreamReaders, streams, [
  { accepts: 'five readers and twenty consumers', change: { ...readers(5), ...consumers(20) } },
]);
