import { POLLERS } from '../../../../core/iam/platform-actions';
import { jsonResponse } from '../../kernel/aws-errors';
import { number, text } from '../../kernel/json';
import { KinesisOperations } from './operations';
import { KinesisStream } from './stream';
import type { LocalContext, LocalService } from '../../kernel/service';
import { streamSource } from '../event-source-mappings/stream-source';
import { KINESIS_STREAM } from './stream-format';

const SERVED =
  /^(PutRecords?|GetRecords|GetShardIterator|ListShards|ListStreams|DescribeStream|DescribeStreamSummary)$/;

/** Amazon Kinesis Data Streams: the streams of the templates, in this process. */
export function kinesis(context: LocalContext): LocalService {
  const streams = context.deployment.ofType('AWS::Kinesis::Stream').map(({ name, arn, properties }) => {
    const { ShardCount, RetentionPeriodHours, MaxRecordSizeInKiB } = properties;
    const maxRecord = number(MaxRecordSizeInKiB);
    return new KinesisStream(
      name,
      arn,
      context.clock,
      number(ShardCount),
      number(RetentionPeriodHours),
      maxRecord === undefined ? undefined : maxRecord * 1024,
    );
  });
  const operations = new KinesisOperations(streams);
  return {
    resourceTypes: ['AWS::Kinesis::Stream', 'AWS::Kinesis::ResourcePolicy'],
    api: {
      signingNames: ['kinesis'],
      protocol: 'json',
      denial: { code: 'AccessDeniedException', status: 400 },
      needs: ({ operation, input }) => {
        if (!SERVED.test(operation)) return undefined;
        const resource =
          operations.find(input)?.arn ??
          text(input.StreamARN) ??
          context.arn('kinesis', `stream/${text(input.StreamName) ?? '*'}`);
        return [{ action: `kinesis:${operation}`, resource: operation === 'ListStreams' ? '*' : resource }];
      },
      handle: async ({ operation, input }) => jsonResponse(operations.answer(operation, input)),
    },
    eventSource: (arn) =>
      streams.some((stream) => stream.arn === arn)
        ? streamSource(context, KINESIS_STREAM, POLLERS.stream.granted)
        : undefined,
  };
}
