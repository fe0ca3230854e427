import { proxyBypass } from '../../../../lib/rules/rules/databases/proxy-bypass';
import { describeFaults, OPEN } from '../faults';
import { allow } from '../parts';
import { clusterId, letIn, pooled, user } from './templates';

describeFaults(proxyBypass, pooled, [
  {
    mistake: 'a function that the database lets in itself',
    change: { Beside: letIn('ClusterGroup', 'ReaderGroup') },
    message: 'lets Shop/Reader in beside its proxy Shop/Proxy',
    open: { 'ProxyToCluster.SourceSecurityGroupId': OPEN },
    openButFine: { 'FunctionToProxy.SourceSecurityGroupId': OPEN },
  },
  {
    mistake: 'a function that may log in to the database itself',
    change: { 'ReaderRole.Policies.0.PolicyDocument.Statement.3': allow('rds-db:connect', user(clusterId, 'app')) },
    open: { 'Reader.VpcConfig.SecurityGroupIds': [OPEN] },
    message: "lets Shop/Reader log in to Shop/Cluster beside its proxy, as 'app'",
  },
  {
    mistake: 'a function that migrates, and that no custom resource calls',
    change: { Migrations: undefined, MigrateToCluster: undefined },
    message: "lets Shop/Migrate log in to Shop/Cluster beside its proxy, as 'lintel'",
  },
]);
