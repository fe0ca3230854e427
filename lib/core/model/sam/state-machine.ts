import { eventsOf } from './events';
import { managedArn, rolePolicies } from './policies';
import { apiReference, authorization, pathOf, IMPLICIT_REST_API } from './routes';
import {
  allow,
  assumedBy,
  getAtt,
  inlinePolicy,
  made,
  notExpanded,
  omit,
  type RawResources,
  ref,
  type SamResource,
  sub,
  tagList,
} from './raw';
import { ruleResources, scheduleResources } from './targets';
import { recordOf, type JsonObject } from '../../record';
import { CALLS } from '../../iam/platform-actions';

/** Properties that a CloudFormation state machine does not have, or has under another name. */
const SAM_ONLY = [
  'Name',
  'Type',
  'Logging',
  'Tracing',
  'Role',
  'RolePath',
  'Policies',
  'PermissionsBoundary',
  'Events',
  'Tags',
  'PropagateTags',
  'DefinitionUri',
  'AutoPublishAlias',
  'UseAliasAsEventTarget',
  'DeploymentPreference',
];

/** Expands a SAM state machine: state machine, role, alias, and what its events need. */
export function stateMachineResources(machine: SamResource): RawResources {
  const { id, properties } = machine;
  return {
    [id]: made(machine, 'AWS::StepFunctions::StateMachine', {
      ...omit(properties, SAM_ONLY),
      StateMachineName: properties.Name,
      StateMachineType: properties.Type,
      LoggingConfiguration: properties.Logging,
      TracingConfiguration: tracing(properties.Tracing),
      RoleArn: properties.Role ?? getAtt(`${id}Role`, 'Arn'),
      DefinitionS3Location: properties.DefinitionUri,
      Tags: tagList(properties.Tags),
    }),
    ...(properties.Role === undefined ? { [`${id}Role`]: role(machine) } : {}),
    ...published(machine),
    ...Object.assign({}, ...eventsOf(machine).map((event) => eventResources(machine, event))),
  };
}

function tracing(setting: unknown): JsonObject | undefined {
  return setting === undefined ? undefined : { Enabled: recordOf(setting).Enabled };
}

function role(machine: SamResource): JsonObject {
  const { id, properties } = machine;
  const { managed, inline, unknown } = rolePolicies(properties.Policies, `${id}Role`);
  const traced = recordOf(properties.Tracing).Enabled === true;
  const own = made(machine, 'AWS::IAM::Role', {
    AssumeRolePolicyDocument: assumedBy('states.amazonaws.com'),
    ManagedPolicyArns: [...(traced ? [managedArn('AWSXrayWriteOnlyAccess')] : []), ...managed],
    Policies: inline,
    PermissionsBoundary: properties.PermissionsBoundary,
    Path: properties.RolePath,
  });
  return unknown.reduce(
    (resource, name) => notExpanded(resource, `what the policy template ${name} grants is not known here`, 'Policies'),
    own,
  );
}

function published(machine: SamResource): RawResources {
  const { id, properties } = machine;
  const alias = properties.AutoPublishAlias;
  if (typeof alias !== 'string') return {};
  return {
    [`${id}Version`]: made(machine, 'AWS::StepFunctions::StateMachineVersion', { StateMachineArn: ref(id) }),
    [`${id}Alias${alias}`]: made(machine, 'AWS::StepFunctions::StateMachineAlias', {
      Name: alias,
      DeploymentPreference: { StateMachineVersionArn: ref(`${id}Version`), Type: 'ALL_AT_ONCE' },
    }),
  };
}

type MachineEvent = ReturnType<typeof eventsOf>[number];

function eventResources(machine: SamResource, { name, type, properties }: MachineEvent): RawResources {
  const id = `${machine.id}${name}`;
  const arn = targetOf(machine);
  const start = (service: string): RawResources => ({ [`${id}Role`]: startingRole(machine, service, id, properties) });
  switch (type) {
    case 'Schedule':
    case 'EventBridgeRule':
    case 'CloudWatchEvent': {
      const given = properties.RoleArn;
      const called = {
        id,
        properties,
        arn,
        role: given ?? getAtt(`${id}Role`, 'Arn'),
        targetId: 'StepFunctionsTarget',
      };
      return { ...ruleResources(machine, called), ...(given === undefined ? start('events.amazonaws.com') : {}) };
    }
    case 'ScheduleV2':
      return scheduleResources(machine, { id, properties, arn, action: CALLS.stateMachine.required });
    case 'Api':
      return { ...method(machine, id, properties), ...start('apigateway.amazonaws.com') };
    default: {
      const raw = made(machine, `AWS::Serverless::${String(type)}Event`, properties);
      return { [id]: notExpanded(raw, `the expansion of events of type ${String(type)} is not known here`) };
    }
  }
}

function targetOf({ id, properties }: SamResource): JsonObject {
  const alias = properties.AutoPublishAlias;
  return typeof alias === 'string' && properties.UseAliasAsEventTarget === true ? ref(`${id}Alias${alias}`) : ref(id);
}

/** The role with which an event starts the state machine. */
function startingRole(
  machine: SamResource,
  service: string,
  id: string,
  { PermissionsBoundary }: JsonObject,
): JsonObject {
  return made(machine, 'AWS::IAM::Role', {
    AssumeRolePolicyDocument: assumedBy(service),
    Policies: [inlinePolicy(`${id}RoleStartExecutionPolicy`, allow(CALLS.stateMachine.required, targetOf(machine)))],
    PermissionsBoundary: PermissionsBoundary ?? machine.properties.PermissionsBoundary,
  });
}

function method(machine: SamResource, id: string, properties: JsonObject): RawResources {
  return {
    [`${id}Method`]: made(machine, 'AWS::ApiGateway::Method', {
      RestApiId: apiReference(properties.RestApiId, IMPLICIT_REST_API),
      ResourceId: pathOf(properties),
      HttpMethod: String(properties.Method ?? 'any').toUpperCase(),
      ...authorization(properties.Auth, 'CUSTOM'),
      Integration: {
        Type: 'AWS',
        IntegrationHttpMethod: 'POST',
        Uri: sub('arn:${AWS::Partition}:apigateway:${AWS::Region}:states:action/StartExecution'),
        Credentials: getAtt(`${id}Role`, 'Arn'),
        RequestTemplates: {
          'application/json': sub(
            `{"input": "$util.escapeJavaScript($input.json('$'))", "stateMachineArn": "\${${machine.id}}"}`,
          ),
        },
        IntegrationResponses: ['200', '400'].map((StatusCode) => ({ StatusCode, SelectionPattern: StatusCode })),
      },
      MethodResponses: ['200', '400'].map((StatusCode) => ({ StatusCode })),
    }),
  };
}
