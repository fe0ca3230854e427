import { apiTracing } from '../../../../lib/rules/rules/apis/api-tracing';
import { describeFaults, OPEN } from '../faults';
import { restApi } from './templates';

describeFaults(apiTracing, restApi, [
  {
    mistake: 'a stage that is not traced',
    change: { 'Stage.TracingEnabled': undefined },
    message: 'is not traced',
    open: { 'Stage.TracingEnabled': OPEN },
  },
]);
