import { apiLogFormat } from '../../../../lib/rules/rules/apis/api-log-format';
import { describeAccepted, describeFaults, OPEN } from '../faults';
import { httpApi, restApi } from './templates';

describeFaults(apiLogFormat, httpApi, [
  {
    mistake: 'lines that no field can be found in',
    change: { 'Stage.AccessLogSettings.Format': '$context.identity.sourceIp - [$context.requestTime]' },
    message: 'is not JSON',
    open: { 'Stage.AccessLogSettings.Format': OPEN },
  },
]);

describeAccepted(apiLogFormat, restApi, [
  {
    accepts: 'JSON whose end is known only at deployment',
    change: { 'Stage.AccessLogSetting.Format': { 'Fn::Sub': '{"id":"$context.requestId","stage":"${Open}"}' } },
  },
]);
