import { Duration, type Stack } from 'aws-cdk-lib';
import { Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import { EventSourceMapping, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { StreamProcessor } from 'lintel/aws';
import { allow, code, deadLettersAlarm, deadLettersByHand, functionAlarms, functionByHand, lagAlarm } from './by-hand';
import type { Result } from './measure';
import { againstByHand } from './synthesis';

function byHand(scope: Construct): void {
  const stream = new Stream(scope, 'Stream', {
    streamMode: StreamMode.ON_DEMAND,
    encryption: StreamEncryption.MANAGED,
  });
  const failures = deadLettersByHand(scope);
  const fn = functionByHand(scope, 'Handler');
  const reads = ['DescribeStream', 'DescribeStreamSummary', 'GetRecords', 'GetShardIterator', 'ListShards'];
  allow(
    fn,
    reads.map((action) => `kinesis:${action}`),
    stream.streamArn,
  );
  allow(fn, ['sqs:SendMessage'], failures.queueArn);
  new EventSourceMapping(scope, 'Mapping', {
    target: fn,
    eventSourceArn: stream.streamArn,
    startingPosition: StartingPosition.TRIM_HORIZON,
    batchSize: 100,
    retryAttempts: 4,
    maxRecordAge: Duration.hours(12),
    bisectBatchOnError: true,
    reportBatchItemFailures: true,
    onFailure: { bind: () => ({ destination: failures.queueArn }) },
  });
  functionAlarms(scope, fn);
  lagAlarm(scope, fn);
  deadLettersAlarm(scope, failures);
}

/** The pattern against the same resources by hand. */
export function run(): Result[] {
  const byPattern = (stack: Stack) => new StreamProcessor(stack, 'Clicks', { handler: { code } });
  return againstByHand('StreamProcessor', byPattern, byHand);
}
