import { httpApiTimeout } from '../../../../lib/rules/rules/apis/http-api-timeout';
import { describeFaults, OPEN } from '../faults';
import { httpApi } from './templates';

describeFaults(httpApiTimeout, httpApi, [
  {
    mistake: 'a function of 60 seconds',
    change: { 'Orders.Timeout': 60 },
    message: 'waits 30 seconds at POST /orders, but Shop/Orders may take 60',
    open: { 'Orders.Timeout': OPEN },
  },
  {
    mistake: 'an integration that waits less than its function',
    change: { 'Integration.TimeoutInMillis': 5000 },
    message: 'waits 5 seconds at POST /orders, but Shop/Orders may take 10',
  },
]);
