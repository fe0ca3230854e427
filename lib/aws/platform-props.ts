import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { duration, flag, having, isPlain, list, needed, object, oneOf } from '../core/check/kinds';
import type { Kind, Shape } from '../core/check/shape';
import { durableExecutionTimeout, durableRetention } from '../core/facts/lambda';
import { KEY_REFERENCE, SUBNETS } from './resource-kinds';
import type { ServiceFunctionProps } from './service-function-props';

const DAY = 86_400;
const DAYS = duration({ min: DAY * durableRetention.value.min, max: DAY * durableRetention.value.max });
const GROUP = having('a security group', 'securityGroupId', 'pass the group itself');

const APPLICATION_LEVEL = oneOf('TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL');
const SYSTEM_LEVEL = oneOf('DEBUG', 'INFO', 'WARN');

const VERSION_OPTIONS: Kind = {
  rule: 'must be an object',
  remedy: () => 'write it as { removalPolicy: RemovalPolicy.RETAIN }',
  is: isPlain,
};

/** CDK hands on whole days, and fails on others. */
const RETENTION: Kind = {
  ...DAYS,
  inside: (value: lambda.DurableConfig['retentionPeriod'] & object, prop) => [
    ...DAYS.inside!(value as never, prop),
    {
      prop,
      value,
      valid: () => (value.toMilliseconds() / 1000) % DAY === 0,
      rule: 'must be whole days',
      remedy: 'write Duration.days(...)',
    },
  ],
};

/** Props of a function that CDK reads, and we hand on. */
export const PLATFORM_SHAPE = {
  vpc: having('a VPC', 'vpcId', 'pass the VPC itself'),
  ipv6AllowedForDualStack: flag,
  vpcSubnets: SUBNETS,
  securityGroups: list(GROUP, '[securityGroup]'),
  allowAllOutbound: flag,
  allowAllIpv6Outbound: flag,
  allowPublicSubnet: flag,
  tracing: oneOf('Active', 'PassThrough', 'Disabled'),
  snapStart: having('a SnapStart configuration', '_render', 'write SnapStartConf.ON_PUBLISHED_VERSIONS'),
  profiling: flag,
  profilingGroup: having('a profiling group', ['profilingGroupArn', 'profilingGroupRef'], 'pass the group itself'),
  insightsVersion: having('a version of Lambda Insights', '_bind', 'write LambdaInsightsVersion.VERSION_1_0_333_0'),
  adotInstrumentation: having(
    'a layer of ADOT with its wrapper',
    'layerVersion',
    'write { layerVersion: AdotLayerVersion.fromJavaScriptSdkLayerVersion(...), execWrapper: AdotLambdaExecWrapper.REGULAR_HANDLER }',
  ),
  paramsAndSecrets: having(
    'a version of the Parameters and Secrets extension',
    '_bind',
    'write ParamsAndSecretsLayerVersion.fromVersion(ParamsAndSecretsVersions.V1_0_103)',
  ),
  layers: list(having('a layer', 'layerVersionArn', 'pass the layer itself'), '[layer]'),
  events: list(having('an event source', 'bind', 'pass a CDK event source'), '[new SqsEventSource(queue)]'),
  currentVersionOptions: VERSION_OPTIONS,
  filesystem: having('a file system', 'config', "write FileSystem.fromEfsAccessPoint(accessPoint, '/mnt/data')"),
  environmentEncryption: KEY_REFERENCE,
  codeSigningConfig: having(
    'a code signing configuration',
    ['codeSigningConfigArn', 'codeSigningConfigRef'],
    'pass the configuration itself',
  ),
  architecture: having('an architecture', 'dockerPlatform', 'write Architecture.ARM_64'),
  runtimeManagementMode: having('a runtime management mode', 'mode', 'write RuntimeManagementMode.AUTO'),
  tenancyConfig: having('a tenancy configuration', 'tenancyConfigProperty', 'write TenancyConfig.PER_TENANT'),
  durableConfig: object<lambda.DurableConfig>(
    {
      executionTimeout: needed(duration(durableExecutionTimeout.value), 'write Duration.days(1)'),
      retentionPeriod: RETENTION,
    },
    '{ executionTimeout: Duration.days(1) }',
  ),
  loggingFormat: oneOf('Text', 'JSON'),
  recursiveLoop: oneOf('Allow', 'Terminate'),
  applicationLogLevel: APPLICATION_LEVEL,
  applicationLogLevelV2: APPLICATION_LEVEL,
  systemLogLevel: SYSTEM_LEVEL,
  systemLogLevelV2: SYSTEM_LEVEL,
  onSuccess: having(
    'a destination',
    'bind',
    'write new SqsDestination(queue), or another one of aws-lambda-destinations',
  ),
} satisfies Partial<Shape<ServiceFunctionProps>>;
