import { proxyBypass } from '../../../../lib/rules/rules/databases/proxy-bypass';
import { describeAccepted, describeFaults, OPEN } from '../faults';
import { allow } from '../parts';
import { clusterId, letIn, pooled, user } from './templates';

const propertiesOf = (resource: object) => (resource as { readonly Properties: object }).Properties;

describeFaults(proxyBypass, pooled, [
  {
    mistake: 'a function that the database lets in itself',
    change: { Beside: letIn('ClusterGroup', 'ReaderGroup') },
    message: 'lets Shop/Reader in around its proxy Shop/Proxy',
    open: { 'ProxyToCluster.SourceSecurityGroupId': OPEN },
    openButFine: { 'FunctionToProxy.SourceSecurityGroupId': OPEN },
  },
  {
    mistake: 'a function that may log in to the database itself',
    change: { 'ReaderRole.Policies.0.PolicyDocument.Statement.3': allow('rds-db:connect', user(clusterId, 'app')) },
    open: { 'Reader.VpcConfig.SecurityGroupIds': [OPEN] },
    message: "lets Shop/Reader log in to Shop/Cluster around its proxy, as 'app'",
  },
  {
    mistake: 'a function that may log in to everything',
    change: { 'ReaderRole.Policies.0.PolicyDocument.Statement.3': allow('rds-db:connect', user('*', 'app')) },
    message: "lets Shop/Reader log in to Shop/Cluster around its proxy, as 'app'",
    open: {
      Beside: {
        ...letIn('ClusterGroup', 'ReaderGroup'),
        Properties: { ...propertiesOf(letIn('ClusterGroup', 'ReaderGroup')), GroupId: OPEN },
      },
    },
  },
  {
    mistake: 'a function that is told where the database is',
    change: { 'Reader.Environment.Variables.PGHOST': { 'Fn::GetAtt': ['Cluster', 'ReadEndpoint.Address'] } },
    message: 'is given the endpoint of Shop/Cluster, around its proxy Shop/Proxy',
    openButFine: { 'Reader.Environment.Variables.PGHOST': OPEN },
  },
  {
    mistake: 'a function that may log in as anybody to everything',
    change: {
      'ReaderRole.Policies.0.PolicyDocument.Statement.3': allow(
        'rds-db:connect',
        'arn:aws:rds-db:eu-west-1:111122223333:dbuser:*',
      ),
    },
    message: 'lets Shop/Reader log in to Shop/Cluster around its proxy, as any user',
  },
  {
    mistake: 'a function that groups let in which are not in the template',
    change: {
      'Cluster.VpcSecurityGroupIds': ['sg-1', { 'Fn::GetAtt': ['ClusterGroup', 'GroupId'] }],
      'Reader.VpcConfig.SecurityGroupIds': [{ 'Fn::GetAtt': ['ReaderGroup', 'GroupId'] }, 'sg-2'],
      Beside: {
        Type: 'AWS::EC2::SecurityGroupIngress',
        Properties: { GroupId: 'sg-1', SourceSecurityGroupId: 'sg-2', IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432 },
      },
    },
    message: 'lets Shop/Reader in around its proxy Shop/Proxy',
  },
  {
    mistake: 'a function that migrates, and that no custom resource calls',
    change: { Migrations: undefined, MigrateToCluster: undefined },
    message: "lets Shop/Migrate log in to Shop/Cluster around its proxy, as 'lintel'",
  },
]);

describeAccepted(proxyBypass, pooled, [
  {
    accepts: 'a function that is told the port of the database alone',
    change: { 'Reader.Environment.Variables.PGPORT': { 'Fn::GetAtt': ['Cluster', 'Endpoint.Port'] } },
  },
]);
