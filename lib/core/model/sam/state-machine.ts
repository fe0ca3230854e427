import { type Raw } from '../intrinsics';
import { assumedBy } from './function';
import { rolePolicies } from './policies';
import { getAtt, made, objectOf, omit, type RawResources, type SamResource, tagList } from './raw';

/** A SAM state machine: state machine and role. Its events are not followed. */
export function stateMachineResources(machine: SamResource): RawResources {
  const { id, properties } = machine;
  const { managed, inline } = rolePolicies(properties['Policies'], `${id}Role`);
  const renamed = omit(properties, [
    'Name',
    'Type',
    'Logging',
    'Tracing',
    'Role',
    'Policies',
    'Events',
    'Tags',
    'DefinitionUri',
  ]);
  return {
    [id]: made(machine, 'AWS::StepFunctions::StateMachine', {
      ...renamed,
      StateMachineName: properties['Name'],
      StateMachineType: properties['Type'],
      LoggingConfiguration: properties['Logging'],
      TracingConfiguration: tracing(properties['Tracing']),
      RoleArn: properties['Role'] ?? getAtt(`${id}Role`, 'Arn'),
      DefinitionS3Location: properties['DefinitionUri'],
      Tags: tagList(properties['Tags']),
    }),
    ...(properties['Role'] === undefined
      ? {
          [`${id}Role`]: made(machine, 'AWS::IAM::Role', {
            AssumeRolePolicyDocument: assumedBy('states.amazonaws.com'),
            ManagedPolicyArns: managed,
            Policies: inline,
            PermissionsBoundary: properties['PermissionsBoundary'],
          }),
        }
      : {}),
  };
}

function tracing(setting: unknown): Raw | undefined {
  return setting === undefined ? undefined : { Enabled: objectOf(setting)['Enabled'] };
}
