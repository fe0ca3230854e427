import { tableStreamMissing } from '../../../../lib/rules/rules/streams/table-stream-missing';
import { describeFaults, inProduction, OPEN } from '../faults';
import { streams } from './templates';

describeFaults(tableStreamMissing, streams, [
  {
    mistake: 'a table without a stream',
    change: { SecondMapping: undefined, 'Orders.StreamSpecification': undefined },
    message: 'reads the stream of Shop/Orders, which has none',
    openButFine: { 'Orders.StreamSpecification': OPEN },
  },
  {
    mistake: 'a stream in production alone',
    change: { SecondMapping: undefined, 'Orders.StreamSpecification': inProduction({ StreamViewType: 'NEW_IMAGE' }) },
    message: 'which has none when not IsProduction',
  },
]);
