import { apiThrottling } from '../../../../lib/rules/rules/apis/api-throttling';
import { describeFaults, OPEN } from '../faults';
import { httpApi, restApi } from './templates';

describeFaults(apiThrottling, httpApi, [
  {
    mistake: 'a stage without a limit',
    change: { 'Stage.DefaultRouteSettings': undefined },
    message: 'is limited only by the account’s quota',
    openButFine: { 'Stage.DefaultRouteSettings.ThrottlingRateLimit': OPEN },
  },
]);

describeFaults(apiThrottling, restApi, [
  {
    mistake: 'a stage without a limit',
    change: { 'Stage.MethodSettings': [{ HttpMethod: '*', ResourcePath: '/*', MetricsEnabled: true }] },
    message: 'is limited only by the account’s quota',
  },
]);
