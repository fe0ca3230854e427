import { databaseNetworkWide } from '../../../../lib/rules/rules/databases/database-network-wide';
import { describeAccepted, describeFaults, OPEN } from '../faults';
import { pooled } from './templates';

describeFaults(databaseNetworkWide, pooled, [
  {
    mistake: 'a database that lets in a whole network',
    change: { 'ProxyToCluster.SourceSecurityGroupId': undefined, 'ProxyToCluster.CidrIp': '10.0.0.0/16' },
    message: 'lets all of 10.0.0.0/16 in to Shop/Cluster',
    open: { 'ProxyToCluster.SourceSecurityGroupId': undefined, 'ProxyToCluster.CidrIp': OPEN },
  },
  {
    mistake: 'a proxy that lets in a whole network',
    change: {
      'ProxyGroup.SecurityGroupIngress': [{ IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, CidrIp: '10.0.0.0/8' }],
    },
    message: 'lets all of 10.0.0.0/8 in to Shop/Proxy',
  },
  {
    mistake: 'a group on every port',
    change: { 'FunctionToProxy.FromPort': 0, 'FunctionToProxy.ToPort': 65535 },
    message: 'lets a group in to every port of Shop/Proxy',
  },
  {
    mistake: 'a group by every protocol',
    change: { 'FunctionToProxy.IpProtocol': '-1' },
    message: 'lets a group in to every port of Shop/Proxy',
  },
]);

describeAccepted(databaseNetworkWide, pooled, [
  {
    accepts: 'one address',
    change: { 'ProxyToCluster.SourceSecurityGroupId': undefined, 'ProxyToCluster.CidrIp': '10.0.0.7/32' },
  },
]);
