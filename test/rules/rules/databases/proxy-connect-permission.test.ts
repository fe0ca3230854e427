import { proxyConnectPermission } from '../../../../lib/rules/rules/databases/proxy-connect-permission';
import { arn, describeAccepted, describeFaults, OPEN } from '../faults';
import { allow } from '../parts';
import { pooled, user } from './templates';

describeFaults(proxyConnectPermission, pooled, [
  {
    mistake: 'a function that may not connect to the proxy it is told of',
    change: { 'ReaderRole.Policies.0.PolicyDocument.Statement.2': allow('logs:PutLogEvents', arn('ReaderLogs')) },
    message: 'is given the endpoint of Shop/Proxy, but its role lacks rds-db:connect on it',
    open: { 'ReaderRole.Policies.0.PolicyDocument.Statement.2.Resource': OPEN },
  },
]);

describeAccepted(proxyConnectPermission, pooled, [
  {
    accepts: 'a function that may connect to every proxy',
    change: { 'ReaderRole.Policies.0.PolicyDocument.Statement.2': allow('rds-db:connect', user('prx-*', 'app')) },
  },
]);
