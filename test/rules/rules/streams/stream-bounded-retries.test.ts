import { streamBoundedRetries } from '../../../../lib/rules/rules/streams/stream-bounded-retries';
import { describeFaults, inProduction, OPEN } from '../faults';
import { streams } from './templates';

describeFaults(streamBoundedRetries, streams, [
  {
    mistake: 'endless retries',
    change: { 'FirstMapping.MaximumRetryAttempts': undefined },
    message: 'tries a bad record until it expires',
    open: { 'FirstMapping.MaximumRetryAttempts': OPEN },
  },
  {
    mistake: 'endless retries in one branch of a condition',
    change: { 'FirstMapping.MaximumRetryAttempts': inProduction(5, -1) },
    message: 'tries a bad record until it expires when not IsProduction',
  },
]);
