import { App, Duration, Size, Stack } from 'aws-cdk-lib';
import { ProfilingGroup } from 'aws-cdk-lib/aws-codeguruprofiler';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { CfnKey } from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { ServiceFunction, type ServiceFunctionProps } from '../../lib/aws/service-function';

const code = lambda.Code.fromInline('exports.handler = async () => {}');
let stack: Stack;
beforeEach(() => {
  stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Shop');
});

const make = (props: object) => () => new ServiceFunction(stack, 'F', { code, ...props } as ServiceFunctionProps);
const network = () =>
  ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-1',
    availabilityZones: ['a'],
    privateSubnetIds: ['subnet-1'],
  });
const layer = (index: number) =>
  lambda.LayerVersion.fromLayerVersionArn(
    stack,
    `Layer${index}`,
    `arn:aws:lambda:eu-west-1:111122223333:layer:x:${index + 1}`,
  );

test.each<[object, string]>([
  [
    { vpcSubnets: 'private' },
    "'vpcSubnets' must be a selection of subnets, got 'private'; write { subnetType: SubnetType.PRIVATE_ISOLATED }",
  ],
  [
    { snapStart: true },
    "'snapStart' must be a SnapStart configuration, got true; write SnapStartConf.ON_PUBLISHED_VERSIONS",
  ],
  [{ filesystem: 'fs-1' }, "'filesystem' must be a file system, got 'fs-1'; write FileSystem.fromEfsAccessPoint("],
  [
    { paramsAndSecrets: true },
    "'paramsAndSecrets' must be a version of the Parameters and Secrets extension, got true; write ParamsAndSecretsLayerVersion",
  ],
  [
    { onSuccess: 'arn:aws:sqs:x' },
    "'onSuccess' must be a destination, got 'arn:aws:sqs:x'; write new SqsDestination(queue)",
  ],
  [{ currentVersionOptions: 5 }, "'currentVersionOptions' must be an object, got 5; write it as { removalPolicy"],
  [{ environmentEncryption: 'alias/x' }, "'environmentEncryption' must be a KMS key, got 'alias/x'; pass the key"],
  [{ profilingGroup: 'x' }, "'profilingGroup' must be a profiling group, got 'x'; pass the group itself"],
  [
    { codeSigningConfig: 'x' },
    "'codeSigningConfig' must be a code signing configuration, got 'x'; pass the configuration itself",
  ],
  [
    { runtimeManagementMode: 'AUTO' },
    "'runtimeManagementMode' must be a runtime management mode, got 'AUTO'; write RuntimeManagementMode.AUTO",
  ],
  [
    { tenancyConfig: 'PER_TENANT' },
    "'tenancyConfig' must be a tenancy configuration, got 'PER_TENANT'; write TenancyConfig.PER_TENANT",
  ],
  [
    { durableConfig: 5 },
    "'durableConfig' must be an object, got 5; write it as { executionTimeout: Duration.days(1) }",
  ],
  [
    { durableConfig: { executionTimout: 5 } },
    "'durableConfig.executionTimout' must not be given, since nothing reads it; did you mean 'executionTimeout'?",
  ],
  [
    { durableConfig: { executionTimeout: Duration.days(400) } },
    "'durableConfig.executionTimeout' must be a whole number from 1 to 31622400 seconds, got 400 days; choose a value in that range (Shop/F)",
  ],
  [
    { insightsVersion: '1.0.54.0' },
    "'insightsVersion' must be a version of Lambda Insights, got '1.0.54.0'; write LambdaInsightsVersion.",
  ],
  [
    { adotInstrumentation: true },
    "'adotInstrumentation' must be a layer of ADOT with its wrapper, got true; write { layerVersion",
  ],
  [{ recursiveLoop: 'Stop' }, "'recursiveLoop' must be 'Allow' or 'Terminate', got 'Stop'"],
  [
    { applicationLogLevelV2: 'info' },
    "'applicationLogLevelV2' must be one of 'TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL', got 'info'; did you mean 'INFO'?",
  ],
  [
    { durableConfig: { executionTimeout: Duration.days(1), retentionPeriod: Duration.hours(36) } },
    "'durableConfig.retentionPeriod' must be whole days, got 1 day 12 hours; write Duration.days(...)",
  ],
  [{ allowAllOutbound: false }, "'allowAllOutbound' must be given only with 'vpc'"],
  [{ ipv6AllowedForDualStack: true }, "'ipv6AllowedForDualStack' must be given only with 'vpc'"],
  [
    { snapStart: lambda.SnapStartConf.ON_PUBLISHED_VERSIONS },
    "'snapStart' must not be given for a runtime without SnapStart",
  ],
  [
    { ephemeralStorageSize: Size.mebibytes(100) },
    "'ephemeralStorageSize' must be whole MiB from 512 to 10240, got 100 MiB",
  ],
  [{ ephemeralStorageSize: Size.kibibytes(600_001) }, "'ephemeralStorageSize' must be whole MiB from 512 to 10240"],
  [{ applicationLogLevel: 'info' }, "'applicationLogLevel' must be one of 'TRACE', 'DEBUG', 'INFO'"],
  [
    { loggingFormat: 'Text', systemLogLevelV2: 'WARN' },
    "'systemLogLevelV2' must not be given with 'loggingFormat' 'Text', got 'WARN'; remove one of them",
  ],
  [{ description: 'x'.repeat(257) }, "'description' must have at most 256 characters"],
])('refuses %j', (props, message) => {
  expect(make(props)).toThrow(message);
});

test.each<[string, () => object, string]>([
  [
    'six layers',
    () => ({ layers: Array.from({ length: 6 }, (_, index) => layer(index)) }),
    "'layers' must be at most 5 layers, with those of 'insightsVersion', 'adotInstrumentation' and 'paramsAndSecrets', got 6; put several in one layer",
  ],
  [
    'five layers and an extension',
    () => ({
      layers: Array.from({ length: 5 }, (_, index) => layer(index)),
      insightsVersion: lambda.LambdaInsightsVersion.VERSION_1_0_333_0,
    }),
    "'layers' must be at most 5 layers",
  ],
  [
    'SnapStart with tenants, and much storage',
    () => ({
      runtime: lambda.Runtime.PYTHON_3_13,
      snapStart: lambda.SnapStartConf.ON_PUBLISHED_VERSIONS,
      tenancyConfig: lambda.TenancyConfig.PER_TENANT,
      ephemeralStorageSize: Size.gibibytes(1),
    }),
    "'tenancyConfig' must not be given with 'snapStart'; remove one of them (Shop/F)\n'ephemeralStorageSize' must be at most 512 MiB with 'snapStart', got 1 GiB; remove one of them (Shop/F)",
  ],
  [
    'a security group without a VPC',
    () => ({ securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1')] }),
    "'securityGroups' must be given only with 'vpc'",
  ],
  [
    'subnets without a VPC',
    () => ({ vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC } }),
    "'vpcSubnets' must be given only with 'vpc'",
  ],
  [
    'what goes out, for groups that say it themselves',
    () => ({
      vpc: network(),
      allowAllOutbound: true,
      securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1')],
    }),
    "'allowAllOutbound' must not be given with 'securityGroups', which say themselves what goes out, got true; set it on the groups",
  ],
  [
    'SnapStart of Node.js',
    () => ({
      code: undefined,
      entry: 'test/aws/handlers/get-order.ts',
      snapStart: lambda.SnapStartConf.ON_PUBLISHED_VERSIONS,
    }),
    "'snapStart' must not be given for a runtime without SnapStart, such as Node.js; set 'warm'",
  ],
  [
    'a profile of Node.js',
    () => ({ code: undefined, entry: 'test/aws/handlers/get-order.ts', profiling: true }),
    "'profiling' must not be given for a runtime that CodeGuru does not profile",
  ],
])('refuses %s', (_, props, message) => {
  expect(make(props())).toThrow(message);
});

test.each<[string, () => object]>([
  ['an empty selection of subnets', () => ({ vpc: network(), vpcSubnets: {} })],
  ["a selection by a group's former name", () => ({ vpc: network(), vpcSubnets: { subnetName: 'Private' } })],
  ['no security groups without a VPC', () => ({ securityGroups: [], ipv6AllowedForDualStack: false })],
  ['an L1 key', () => ({ environmentEncryption: new CfnKey(stack, 'Key') })],
  ['a variable that is named node', () => ({ environment: { node: 'production' } })],
  ['a profiling group that is off', () => ({ profiling: false, profilingGroup: new ProfilingGroup(stack, 'Group') })],
  [
    'SnapStart of an image',
    () => ({
      code: lambda.Code.fromEcrImage(new Repository(stack, 'Images')),
      handler: lambda.Handler.FROM_IMAGE,
      runtime: lambda.Runtime.FROM_IMAGE,
      snapStart: lambda.SnapStartConf.ON_PUBLISHED_VERSIONS,
    }),
  ],
  [
    'SnapStart and a profile of Python',
    () => ({
      code: lambda.Code.fromInline('def handler(event, context): pass'),
      runtime: lambda.Runtime.PYTHON_3_13,
      snapStart: lambda.SnapStartConf.ON_PUBLISHED_VERSIONS,
      profiling: true,
    }),
  ],
])('takes %s, as CDK does', (_, props) => {
  expect(make(props())).not.toThrow();
});

test('takes what CDK makes for them', () => {
  expect(
    make({
      vpc: network(),
      vpcSubnets: { onePerAz: true },
      layers: [layer(0)],
      insightsVersion: lambda.LambdaInsightsVersion.VERSION_1_0_333_0,
      paramsAndSecrets: lambda.ParamsAndSecretsLayerVersion.fromVersion(lambda.ParamsAndSecretsVersions.V1_0_103),
      runtimeManagementMode: lambda.RuntimeManagementMode.AUTO,
      tenancyConfig: lambda.TenancyConfig.PER_TENANT,
      currentVersionOptions: { description: 'one' },
      onSuccess: new SqsDestination(new Queue(stack, 'Done')),
      recursiveLoop: lambda.RecursiveLoop.TERMINATE,
      applicationLogLevelV2: lambda.ApplicationLogLevel.INFO,
      loggingFormat: lambda.LoggingFormat.JSON,
    }),
  ).not.toThrow();
});
