import { apiThrottling } from '../../../../lib/rules/rules/apis/api-throttling';
import { describeFaults, OPEN } from '../faults';
import { httpApi, restApi } from './templates';

describeFaults(apiThrottling, httpApi, [
  {
    mistake: 'a stage without a limit',
    change: { 'Stage.DefaultRouteSettings': undefined },
    message: 'takes as many requests as the account has left',
    openButFine: { 'Stage.DefaultRouteSettings.ThrottlingRateLimit': OPEN },
  },
]);

describeFaults(apiThrottling, restApi, [
  {
    mistake: 'a stage without a limit',
    change: { 'Stage.MethodSettings': [{ HttpMethod: '*', ResourcePath: '/*', MetricsEnabled: true }] },
    message: 'takes as many requests as the account has left',
  },
]);
