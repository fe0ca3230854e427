import { proxyConnections } from '../../../../lib/rules/rules/data/proxy-connections';
import { describeFaults, OPEN } from '../faults';
import { stores } from './templates';

describeFaults(proxyConnections, stores, [
  {
    mistake: '150 % of the connections',
    change: { 'ProxyGroup.ConnectionPoolConfigurationInfo.MaxConnectionsPercent': 150 },
    message: 'asks for 150 % of the connections',
    open: { 'ProxyGroup.ConnectionPoolConfigurationInfo.MaxConnectionsPercent': OPEN },
  },
  {
    mistake: 'more idle connections than there may be',
    change: { 'ProxyGroup.ConnectionPoolConfigurationInfo.MaxConnectionsPercent': 40 },
    message: 'keeps 50 % of the connections idle, of at most 40 %',
  },
]);
