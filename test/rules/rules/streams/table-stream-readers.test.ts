import { tableStreamReaders } from '../../../../lib/rules/rules/streams/table-stream-readers';
import { describeFaults, OPEN } from '../faults';
import { streamReader, streams } from './templates';

describeFaults(tableStreamReaders, streams, [
  {
    mistake: 'a third reader',
    change: streamReader('Third'),
    message: 'has 3 readers on its stream, more than 2',
    openButFine: { ...streamReader('Third'), 'ThirdMapping.EventSourceArn': OPEN },
  },
  {
    mistake: 'a second reader of a replicated table',
    change: {
      'Orders.Replicas': ['eu-west-1', 'eu-central-1'].map((Region) => ({
        Region,
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      })),
    },
    message: 'has 2 readers on its stream, more than 1',
  },
]);
