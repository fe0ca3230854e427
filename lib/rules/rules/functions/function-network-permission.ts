import { at, items } from '../../../core/model/select';
import { displayName } from '../../../core/model/display';
import { judgeRole } from '../../lookups/role-judgements';
import { each, type Rule } from '../../rule';

/** What Lambda does with the role of a function in a VPC. */
const ACTIONS = ['ec2:CreateNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DeleteNetworkInterface'];

export const functionNetworkPermission: Rule = {
  id: 'FunctionNetworkPermission',
  severity: 'error',
  title: 'The role of a function in a VPC may manage network interfaces',
  why: 'Lambda makes them with the function’s role, and rejects the deployment without the permission.',
  fix: 'attach the managed policy service-role/AWSLambdaVPCAccessExecutionRole',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions',
  check: each(['AWS::Lambda::Function'], function* (fn, { model }) {
    if (items(at(fn, 'VpcConfig.SubnetIds')).length === 0) return;
    const place = { resource: fn, property: 'VpcConfig' };
    yield* judgeRole(
      model,
      { runner: fn, role: 'Role', actions: ACTIONS, on: ['*'], place },
      (missing, role) => `is in a VPC, but ${displayName(role)} lacks ${missing}`,
    );
  }),
};
