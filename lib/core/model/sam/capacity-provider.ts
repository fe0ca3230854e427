import { managedArn } from './policies';
import { assumedBy, getAtt, made, omit, type RawResources, type SamResource, tagList } from './raw';

/** Properties with another name in Lambda. */
const SAM_ONLY = ['OperatorRole', 'ScalingConfig', 'LoggingConfig', 'ManagedResourceTags', 'Tags', 'PropagateTags'];

/** Expands a SAM capacity provider, with a role for its instances if none is given. */
export function capacityProviderResources(provider: SamResource): RawResources {
  const { id, properties } = provider;
  const { OperatorRole: role, LoggingConfig: logging } = properties;
  return {
    [id]: made(provider, 'AWS::Lambda::CapacityProvider', {
      ...omit(properties, SAM_ONLY),
      PermissionsConfig: { CapacityProviderOperatorRoleArn: role ?? getAtt(`${id}OperatorRole`, 'Arn') },
      CapacityProviderScalingConfig: properties.ScalingConfig,
      TelemetryConfig: logging === undefined ? undefined : { LoggingConfig: logging },
      Tags: tagList(properties.Tags),
    }),
    ...(role === undefined && {
      [`${id}OperatorRole`]: made(provider, 'AWS::IAM::Role', {
        AssumeRolePolicyDocument: assumedBy('lambda.amazonaws.com'),
        ManagedPolicyArns: [managedArn('AWSLambdaManagedEC2ResourceOperator')],
      }),
    }),
  };
}
