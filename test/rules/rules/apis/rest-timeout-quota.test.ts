import { restTimeoutQuota } from '../../../../lib/rules/rules/apis/rest-timeout-quota';
import { describeAccepted, describeFaults, OPEN } from '../faults';
import { restApi } from './templates';

describeFaults(restTimeoutQuota, restApi, [
  {
    mistake: 'a method that waits longer than accounts may by default',
    change: { 'Method.Integration.TimeoutInMillis': 60_000 },
    message: 'waits 60 seconds, more than the default quota',
    openButFine: { 'Method.Integration.TimeoutInMillis': OPEN },
  },
  {
    mistake: 'an answer that is not streamed',
    change: { 'Method.Integration.TimeoutInMillis': 60_000, 'Method.Integration.ResponseTransferMode': 'BUFFERED' },
    message: 'waits 60 seconds',
    open: { 'Method.Integration.TimeoutInMillis': 60_000, 'Method.Integration.ResponseTransferMode': OPEN },
  },
]);

describeAccepted(restTimeoutQuota, restApi, [
  { accepts: 'the default itself', change: { 'Method.Integration.TimeoutInMillis': 29_000 } },
  {
    accepts: 'a stream',
    change: { 'Method.Integration.ResponseTransferMode': 'STREAM', 'Method.Integration.TimeoutInMillis': 60_000 },
  },
]);
