import { apiDataTrace } from '../../../../lib/rules/rules/apis/api-data-trace';
import { describeFaults, OPEN } from '../faults';
import { httpApi, restApi } from './templates';

const settings = (value: unknown) => ({
  'Stage.MethodSettings': [{ HttpMethod: '*', ResourcePath: '/*', ThrottlingRateLimit: 100, DataTraceEnabled: value }],
});

describeFaults(apiDataTrace, restApi, [
  {
    mistake: 'whole requests in the log of a REST API',
    change: settings(true),
    message: 'logs whole requests and responses',
    open: settings(OPEN),
  },
]);

describeFaults(apiDataTrace, httpApi, [
  {
    mistake: 'whole messages in the log of a WebSocket API',
    change: { 'Stage.DefaultRouteSettings.DataTraceEnabled': true },
    message: 'logs whole requests and responses',
  },
]);
