import { proxyIam } from '../../../../lib/rules/rules/databases/proxy-iam';
import { describeFaults, OPEN } from '../faults';
import { withSecret } from './templates';

describeFaults(proxyIam, withSecret, [
  {
    mistake: 'clients that come by a password',
    change: { 'Proxy.Auth.0.IAMAuth': 'DISABLED' },
    message: 'lets clients log in with a password',
    open: { 'Proxy.Auth.0.IAMAuth': OPEN },
  },
  {
    mistake: 'clients whose way is left to the default',
    change: { 'Proxy.Auth.0.IAMAuth': undefined },
    message: 'lets clients log in with a password',
    open: { 'Proxy.Auth': OPEN },
  },
]);
