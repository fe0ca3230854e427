import { proxySecretAccess } from '../../../../lib/rules/rules/databases/proxy-secret-access';
import { describeFaults, OPEN } from '../faults';
import { withSecret } from './templates';

describeFaults(proxySecretAccess, withSecret, [
  {
    mistake: 'a secret that the proxy may not read',
    change: { 'ProxyRole.Policies': [] },
    message: 'logs in with Shop/Secret, but its role lacks secretsmanager:GetSecretValue',
    open: { 'Proxy.RoleArn': OPEN },
  },
]);
