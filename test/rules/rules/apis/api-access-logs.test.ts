import { apiAccessLogs } from '../../../../lib/rules/rules/apis/api-access-logs';
import { describeFaults, OPEN } from '../faults';
import { httpApi, restApi } from './templates';

describeFaults(apiAccessLogs, httpApi, [
  {
    mistake: 'a stage without access logs',
    change: { 'Stage.AccessLogSettings': undefined },
    message: 'does not log its requests',
    openButFine: { 'Stage.AccessLogSettings.DestinationArn': OPEN },
  },
]);

describeFaults(apiAccessLogs, restApi, [
  {
    mistake: 'a stage without access logs',
    change: { 'Stage.AccessLogSetting': undefined },
    message: 'does not log its requests',
  },
]);
