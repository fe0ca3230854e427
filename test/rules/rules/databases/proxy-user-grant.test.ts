import { proxyUserGrant } from '../../../../lib/rules/rules/databases/proxy-user-grant';
import { describeFaults, OPEN } from '../faults';
import { allow } from '../parts';
import { clusterId, pooled, user } from './templates';

describeFaults(proxyUserGrant, pooled, [
  {
    mistake: 'the missing half of the grant',
    change: { 'ProxyRole.Policies': [] },
    message: "accepts 'app', but its role Shop/ProxyRole may not log in to Shop/Cluster as that user (rds-db:connect)",
    open: { 'Proxy.RoleArn': OPEN },
  },
  {
    mistake: 'a proxy that may be somebody else',
    change: { 'ProxyRole.Policies.0.PolicyDocument.Statement.0.Resource': user(clusterId, 'other') },
    message: "accepts 'app', but its role Shop/ProxyRole may not log in to Shop/Cluster as that user (rds-db:connect)",
    open: { 'Proxy.DefaultAuthScheme': OPEN },
  },
  {
    mistake: 'a pattern that a client has for its proxy, without the other half',
    change: {
      'ReaderRole.Policies.0.PolicyDocument.Statement.2': allow('rds-db:connect', user('prx-*', 'other')),
    },
    message:
      "accepts 'other', but its role Shop/ProxyRole may not log in to Shop/Cluster as that user (rds-db:connect)",
  },
  {
    mistake: 'a client that may be anybody, before a proxy that may be nobody',
    change: {
      'ReaderRole.Policies.0.PolicyDocument.Statement.2': allow('rds-db:connect', user('prx-*', '*')),
      'ProxyRole.Policies': [],
    },
    message: 'accepts any user, but its role Shop/ProxyRole may not log in to Shop/Cluster (rds-db:connect)',
  },
]);
