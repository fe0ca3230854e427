import { functionNetworkPermission } from '../../../../lib/rules/rules/functions/function-network-permission';
import { describeAccepted, describeFaults, OPEN } from '../faults';
import { allow } from '../parts';
import { functions } from './templates';

const VPC = { 'Worker.VpcConfig': { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] } };
const NETWORK = ['ec2:CreateNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DeleteNetworkInterface'];
const STATEMENT = 'WorkerRole.Policies.0.PolicyDocument.Statement.9';

describeFaults(functionNetworkPermission, functions, [
  {
    mistake: 'a function in a VPC whose role may not make interfaces',
    change: VPC,
    message: 'lacks ec2:CreateNetworkInterface, ec2:DescribeNetworkInterfaces, ec2:DeleteNetworkInterface',
    open: { ...VPC, 'WorkerRole.ManagedPolicyArns': [OPEN] },
  },
]);

describeAccepted(functionNetworkPermission, functions, [
  ...['AWSLambdaVPCAccessExecutionRole', 'AWSLambdaENIManagementAccess'].map((name) => ({
    accepts: `the managed policy ${name}`,
    change: {
      ...VPC,
      'WorkerRole.ManagedPolicyArns': [{ 'Fn::Sub': `arn:\${AWS::Partition}:iam::aws:policy/service-role/${name}` }],
    },
  })),
  { accepts: 'the permissions themselves', change: { ...VPC, [STATEMENT]: allow(NETWORK, '*') } },
  { accepts: 'no subnet at all', change: { 'Worker.VpcConfig': { SubnetIds: [], SecurityGroupIds: [] } } },
]);
