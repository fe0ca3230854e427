import { type AwsType, NAME_IS_REF } from './aws-type';
import { capitalised, securityGroupOf, sourcesOf } from './shapes';

const RULE = { protocol: 'IpProtocol' };

/** Networks, hosts and containers, as far as relevant to access. */
export const HOSTS: Readonly<Record<string, AwsType>> = {
  'aws:ec2/securityGroup:SecurityGroup': {
    type: 'AWS::EC2::SecurityGroup',
    renamed: {
      name: 'GroupName',
      description: 'GroupDescription',
      ingress: 'SecurityGroupIngress',
      'ingress.protocol': 'SecurityGroupIngress.IpProtocol',
      egress: 'SecurityGroupEgress',
      'egress.protocol': 'SecurityGroupEgress.IpProtocol',
    },
    shaped: securityGroupOf,
    outputs: { id: 'GroupId', name: '' },
  },
  'aws:ec2/securityGroupRule:SecurityGroupRule': {
    type: 'AWS::EC2::SecurityGroup',
    renamed: { ...RULE, type: 'Direction', securityGroupId: 'GroupId', sourceSecurityGroupId: 'SecurityGroups' },
    shaped: ({ Direction, GroupId, ...rest }) => ({
      ...(GroupId !== undefined && { GroupId }),
      Rules: Direction === 'egress' ? [] : sourcesOf(rest),
    }),
    partOf: [
      { type: 'AWS::EC2::SecurityGroup', by: 'GroupId', at: 'SecurityGroupIngress', take: 'Rules', append: true },
    ],
  },
  'aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule': {
    type: 'AWS::EC2::SecurityGroupIngress',
    renamed: {
      securityGroupId: 'GroupId',
      cidrIpv4: 'CidrIp',
      referencedSecurityGroupId: 'SourceSecurityGroupId',
      prefixListId: 'SourcePrefixListId',
    },
  },
  'aws:ec2/vpcEndpoint:VpcEndpoint': {
    type: 'AWS::EC2::VPCEndpoint',
    renamed: { policy: 'PolicyDocument', vpcEndpointType: 'VpcEndpointType' },
    json: ['PolicyDocument'],
    outputs: { id: '' },
  },
  'aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy': {
    type: 'AWS::EC2::VPCEndpoint',
    json: ['Policy'],
    partOf: [{ type: 'AWS::EC2::VPCEndpoint', by: 'VpcEndpointId', at: 'PolicyDocument', take: 'Policy' }],
  },
  'aws:ec2/instance:Instance': {
    type: 'AWS::EC2::Instance',
    renamed: { ami: 'ImageId', userDataBase64: 'UserData', vpcSecurityGroupIds: 'SecurityGroupIds' },
    outputs: { id: '' },
  },
  'aws:ec2/launchTemplate:LaunchTemplate': {
    type: 'AWS::EC2::LaunchTemplate',
    renamed: {
      name: 'LaunchTemplateName',
      userData: 'LaunchTemplateData.UserData',
      imageId: 'LaunchTemplateData.ImageId',
      iamInstanceProfile: 'LaunchTemplateData.IamInstanceProfile',
      instanceType: 'LaunchTemplateData.InstanceType',
      vpcSecurityGroupIds: 'LaunchTemplateData.SecurityGroupIds',
      networkInterfaces: 'LaunchTemplateData.NetworkInterfaces',
      metadataOptions: 'LaunchTemplateData.MetadataOptions',
    },
    outputs: { id: '' },
  },
  'aws:ec2/launchConfiguration:LaunchConfiguration': {
    type: 'AWS::AutoScaling::LaunchConfiguration',
    renamed: { name: 'LaunchConfigurationName' },
    outputs: NAME_IS_REF,
  },
  'aws:ecs/taskDefinition:TaskDefinition': {
    type: 'AWS::ECS::TaskDefinition',
    json: ['ContainerDefinitions'],
    shaped: ({ ContainerDefinitions, ...rest }) => ({
      ...rest,
      ...(ContainerDefinitions !== undefined && { ContainerDefinitions: capitalised(ContainerDefinitions) }),
    }),
    outputs: { id: '', arn: '' },
  },
  'aws:cloudfront/function:Function': {
    type: 'AWS::CloudFront::Function',
    renamed: { code: 'FunctionCode' },
    outputs: { id: '', name: 'Name', arn: 'FunctionARN' },
  },
  'aws:cloudfront/distribution:Distribution': {
    type: 'AWS::CloudFront::Distribution',
    shaped: ({ Tags, ...DistributionConfig }) => ({ DistributionConfig, ...(Tags !== undefined && { Tags }) }),
    outputs: { id: '' },
  },
};
