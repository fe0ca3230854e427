import { restApiTimeout } from '../../../../lib/rules/rules/apis/rest-api-timeout';
import { describeFaults, OPEN } from '../faults';
import { documentedApi, restApi } from './templates';

describeFaults(restApiTimeout, restApi, [
  {
    mistake: 'a function of 60 seconds',
    change: { 'Orders.Timeout': 60 },
    message: 'waits 29 seconds at POST /orders, but Shop/Orders may take 60',
    open: { 'Method.Integration.TimeoutInMillis': OPEN },
  },
  {
    mistake: 'a function of 60 seconds whose answer is not streamed',
    change: { 'Orders.Timeout': 60, 'Method.Integration.ResponseTransferMode': 'BUFFERED' },
    message: 'waits 29 seconds',
    open: { 'Orders.Timeout': 60, 'Method.Integration.ResponseTransferMode': OPEN },
  },
]);

describeFaults(restApiTimeout, documentedApi, [
  {
    mistake: 'a function of 60 seconds behind an operation',
    change: { 'Orders.Timeout': 60 },
    message: 'waits 29 seconds at POST /orders',
  },
]);
