import { streamFailureDestination } from '../../../../lib/rules/rules/streams/stream-failure-destination';
import { describeFaults, OPEN } from '../faults';
import { streams } from './templates';

describeFaults(streamFailureDestination, streams, [
  {
    mistake: 'records that are skipped without a trace',
    change: { 'FirstMapping.DestinationConfig': undefined },
    message: 'skips a record after the last attempt without a trace',
    openButFine: { 'FirstMapping.DestinationConfig.OnFailure.Destination': OPEN },
  },
]);
