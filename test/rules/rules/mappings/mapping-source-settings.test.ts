import { mappingSourceSettings } from '../../../../lib/rules/rules/mappings/mapping-source-settings';
import { describeAccepted, describeFaults, inProduction, OPEN } from '../faults';
import { queues } from '../queues/templates';
import { streams } from '../streams/templates';

describeFaults(mappingSourceSettings, queues, [
  {
    mistake: 'a position in a queue',
    change: { 'Mapping.StartingPosition': 'LATEST' },
    message: 'sets StartingPosition, which a mapping of a queue does not have',
  },
  {
    mistake: 'retries of a queue, in production',
    change: { 'Mapping.MaximumRetryAttempts': inProduction(3) },
    message: 'sets MaximumRetryAttempts, which a mapping of a queue does not have when IsProduction',
  },
]);

describeFaults(mappingSourceSettings, streams, [
  {
    mistake: 'no position in a stream',
    change: { 'FirstMapping.StartingPosition': undefined },
    message: 'reads the stream of a table without a starting position',
    openButFine: { 'FirstMapping.StartingPosition': OPEN },
  },
  {
    mistake: 'a time in the stream of a table',
    change: { 'FirstMapping.StartingPosition': 'AT_TIMESTAMP', 'FirstMapping.StartingPositionTimestamp': 1 },
    message: 'starts at a timestamp, which a table’s stream does not support',
  },
  {
    mistake: 'the concurrency of a queue',
    change: { 'FirstMapping.ScalingConfig': { MaximumConcurrency: 5 } },
    message: 'sets ScalingConfig, which a mapping of the stream of a table does not have',
  },
]);

describeAccepted(mappingSourceSettings, queues, [
  {
    accepts: 'what is absent in every branch',
    change: { 'Mapping.StartingPosition': inProduction({ Ref: 'AWS::NoValue' }) },
  },
  {
    accepts: 'a broker, whatever it has',
    change: {
      'Mapping.EventSourceArn': 'arn:aws:mq:eu-west-1:111122223333:broker:a:b-1',
      'Mapping.MaximumRetryAttempts': 1,
    },
  },
]);
