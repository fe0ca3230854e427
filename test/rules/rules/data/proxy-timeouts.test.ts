import { proxyTimeouts } from '../../../../lib/rules/rules/data/proxy-timeouts';
import { describeFaults, OPEN } from '../faults';
import { stores } from './templates';

describeFaults(proxyTimeouts, stores, [
  {
    mistake: 'a wait of two hours',
    change: { 'ProxyGroup.ConnectionPoolConfigurationInfo.ConnectionBorrowTimeout': 7200 },
    message: 'asks for 7200 seconds, outside 0 to 3600',
    open: { 'Proxy.IdleClientTimeout': OPEN },
  },
]);
