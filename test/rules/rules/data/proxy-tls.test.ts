import { proxyTls } from '../../../../lib/rules/rules/data/proxy-tls';
import { describeFaults, OPEN } from '../faults';
import { stores } from './templates';

describeFaults(proxyTls, stores, [
  {
    mistake: 'a proxy without TLS',
    change: { 'Proxy.RequireTLS': undefined },
    message: 'accepts connections without TLS',
    open: { 'Proxy.RequireTLS': OPEN },
  },
]);
