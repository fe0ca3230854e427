import { proxyConnectNetwork } from '../../../../lib/rules/rules/databases/proxy-connect-network';
import { describeFaults, OPEN } from '../faults';
import { pooled } from './templates';

describeFaults(proxyConnectNetwork, pooled, [
  {
    mistake: 'a function that the proxy does not let in',
    change: { FunctionToProxy: undefined },
    message: 'is given the endpoint of Shop/Proxy, which does not let it in on port 5432',
    open: { 'FunctionToProxy.SourceSecurityGroupId': OPEN },
  },
  {
    mistake: 'a function that the proxy lets in elsewhere',
    change: { 'FunctionToProxy.FromPort': 3306, 'FunctionToProxy.ToPort': 3306 },
    message: 'which does not let it in on port 5432',
    open: { 'FunctionToProxy.FromPort': OPEN, 'FunctionToProxy.ToPort': OPEN },
  },
  {
    mistake: 'a function in no network',
    change: { 'Reader.VpcConfig': undefined },
    message: 'is given the endpoint of Shop/Proxy, but is in no VPC',
    open: { 'Reader.VpcConfig.SecurityGroupIds': ['sg-1'] },
  },
]);
