import { tableOf } from '../table';
import { displayName } from '../model/display';
import type { Model, Resource } from '../model/model';
import type { Names } from '../model/names';
import { at, eachBranch, isList, isMap, items } from '../model/select';
import type { Value } from '../model/values';
import { arnIndex } from './arn-index';

/** What a principal is. */
export type PrincipalKind =
  | 'function'
  | 'state machine'
  | 'api'
  | 'rule'
  | 'schedule'
  | 'pipe'
  | 'topic'
  | 'bucket'
  | 'stream'
  | 'task'
  | 'identity pool'
  | 'instance'
  | 'endpoint'
  | 'resource'
  | 'role'
  | 'user'
  | 'database user'
  | 'group'
  | 'permission set'
  | 'policy'
  | 'certificate'
  | 'service'
  | 'account'
  | 'provider'
  | 'anyone'
  | 'unknown';

/** Somebody who may do something. */
export interface Principal {
  /** What it is. */
  readonly kind: PrincipalKind;
  /** Its construct path, or the name that a policy gives it. */
  readonly name: string;
}

/** A resource that works with a role. */
export interface RoleUser {
  /** Who it is. */
  readonly principal: Principal;
  /** The id of the resource. */
  readonly id: string;
  /** The service that assumes the role for it. */
  readonly service: string;
}

interface RoleUse {
  readonly kind: PrincipalKind;
  readonly service: string;
  /** Where the role stands; `*` is any item of a list or map. */
  readonly paths: readonly string[];
  /** The property that names the resource for which it works. */
  readonly owner?: string;
}

/** Where an API's OpenAPI document has the roles of its integrations and authorizers. */
const OF_DOCUMENT = [
  'Body.paths.*.*.x-amazon-apigateway-integration.credentials',
  ...['securityDefinitions', 'components.securitySchemes'].map(
    (schemes) => `Body.${schemes}.*.x-amazon-apigateway-authorizer.authorizerCredentials`,
  ),
];

/** Which resources work with a role, and where it stands in them. */
const ROLE_USES: Readonly<Record<string, RoleUse>> = {
  'AWS::ApiGateway::Authorizer': {
    kind: 'api',
    service: 'apigateway.amazonaws.com',
    paths: ['AuthorizerCredentials'],
    owner: 'RestApiId',
  },
  'AWS::ApiGateway::Method': {
    kind: 'api',
    service: 'apigateway.amazonaws.com',
    paths: ['Integration.Credentials'],
    owner: 'RestApiId',
  },
  'AWS::ApiGatewayV2::Authorizer': {
    kind: 'api',
    service: 'apigateway.amazonaws.com',
    paths: ['AuthorizerCredentialsArn'],
    owner: 'ApiId',
  },
  'AWS::ApiGatewayV2::Integration': {
    kind: 'api',
    service: 'apigateway.amazonaws.com',
    paths: ['CredentialsArn'],
    owner: 'ApiId',
  },
  'AWS::ApiGateway::RestApi': { kind: 'api', service: 'apigateway.amazonaws.com', paths: OF_DOCUMENT },
  'AWS::ApiGatewayV2::Api': {
    kind: 'api',
    service: 'apigateway.amazonaws.com',
    paths: ['CredentialsArn', ...OF_DOCUMENT],
  },
  'AWS::ApiGateway::Account': { kind: 'resource', service: 'apigateway.amazonaws.com', paths: ['CloudWatchRoleArn'] },
  'AWS::AppSync::DataSource': {
    kind: 'api',
    service: 'appsync.amazonaws.com',
    paths: ['ServiceRoleArn'],
    owner: 'ApiId',
  },
  'AWS::Cognito::IdentityPoolRoleAttachment': {
    kind: 'identity pool',
    service: 'cognito-identity.amazonaws.com',
    paths: ['Roles.*', 'RoleMappings.*.RulesConfiguration.Rules.*.RoleARN'],
    owner: 'IdentityPoolId',
  },
  'AWS::Cognito::UserPoolGroup': {
    kind: 'identity pool',
    service: 'cognito-identity.amazonaws.com',
    paths: ['RoleArn'],
  },
  'AWS::ECS::TaskDefinition': {
    kind: 'task',
    service: 'ecs-tasks.amazonaws.com',
    paths: ['TaskRoleArn', 'ExecutionRoleArn'],
  },
  'AWS::Events::Rule': { kind: 'rule', service: 'events.amazonaws.com', paths: ['RoleArn', 'Targets.*.RoleArn'] },
  'AWS::KinesisFirehose::DeliveryStream': {
    kind: 'stream',
    service: 'firehose.amazonaws.com',
    paths: ['ExtendedS3DestinationConfiguration.RoleARN', 'KinesisStreamSourceConfiguration.RoleARN'],
  },
  'AWS::Lambda::Function': { kind: 'function', service: 'lambda.amazonaws.com', paths: ['Role'] },
  'AWS::Pipes::Pipe': { kind: 'pipe', service: 'pipes.amazonaws.com', paths: ['RoleArn'] },
  'AWS::RDS::DBProxy': { kind: 'resource', service: 'rds.amazonaws.com', paths: ['RoleArn'] },
  'AWS::Scheduler::Schedule': { kind: 'schedule', service: 'scheduler.amazonaws.com', paths: ['Target.RoleArn'] },
  'AWS::StepFunctions::StateMachine': { kind: 'state machine', service: 'states.amazonaws.com', paths: ['RoleArn'] },
};

const KINDS = tableOf<PrincipalKind>({
  'AWS::ApiGateway::RestApi': 'api',
  'AWS::ApiGatewayV2::Api': 'api',
  'AWS::AppSync::GraphQLApi': 'api',
  'AWS::Cognito::IdentityPool': 'identity pool',
  'AWS::ECS::TaskDefinition': 'task',
  'AWS::Events::Rule': 'rule',
  'AWS::EC2::Instance': 'instance',
  'AWS::EC2::VPCEndpoint': 'endpoint',
  'AWS::IAM::Group': 'group',
  'AWS::IAM::ManagedPolicy': 'policy',
  'AWS::IAM::Role': 'role',
  'AWS::IAM::User': 'user',
  'AWS::IoT::Policy': 'policy',
  'AWS::Kinesis::Stream': 'stream',
  'AWS::KinesisFirehose::DeliveryStream': 'stream',
  'AWS::Lambda::Function': 'function',
  'AWS::Pipes::Pipe': 'pipe',
  'AWS::S3::Bucket': 'bucket',
  'AWS::SSO::PermissionSet': 'permission set',
  'AWS::Scheduler::Schedule': 'schedule',
  'AWS::SNS::Topic': 'topic',
  'AWS::StepFunctions::StateMachine': 'state machine',
});

/** A resource as a principal. */
export function principalOf(resource: Resource): Principal {
  return { kind: KINDS[resource.type] ?? 'resource', name: displayName(resource) };
}

/** Where the types of CloudFormation name an instance profile. */
const PROFILE_USES: Readonly<Record<string, readonly string[]>> = {
  'AWS::AutoScaling::LaunchConfiguration': ['IamInstanceProfile'],
  'AWS::EC2::Instance': ['IamInstanceProfile'],
  'AWS::EC2::LaunchTemplate': [
    'LaunchTemplateData.IamInstanceProfile.Arn',
    'LaunchTemplateData.IamInstanceProfile.Name',
  ],
};

/** Who works with which role: by the id of the role in the model, or by the ARN of a role from elsewhere. */
export function roleUsers(model: Model, names: Names): ReadonlyMap<string, readonly RoleUser[]> {
  const users = new Map<string, RoleUser[]>();
  const index = arnIndex(model, names);
  const keysOf = (value: Value, template: string, type: string): readonly string[] => {
    const found = index.named(value, template, type);
    if (found.length > 0) return found.map(({ id }) => id);
    const text = names.text(value, template);
    return text === undefined ? [] : [text];
  };
  const add = (key: string, user: RoleUser): void => {
    const known = users.get(key) ?? [];
    const { kind, name } = user.principal;
    if (!known.some(({ principal }) => principal.name === name && principal.kind === kind)) known.push(user);
    users.set(key, known);
  };
  for (const [type, use] of Object.entries(ROLE_USES)) {
    for (const resource of model.ofType(type)) {
      const owner = (use.owner && model.target(resource.properties[use.owner])) || resource;
      const user = { principal: { kind: use.kind, name: displayName(owner) }, id: owner.id, service: use.service };
      for (const value of use.paths.flatMap((path) => valuesAt(resource, path))) {
        for (const key of keysOf(value, resource.template, 'AWS::IAM::Role')) if (!isCaller(key)) add(key, user);
      }
    }
  }
  for (const [type, paths] of Object.entries(PROFILE_USES)) {
    for (const resource of model.ofType(type)) {
      const user: RoleUser = {
        principal: { kind: 'instance', name: displayName(resource) },
        id: resource.id,
        service: 'ec2.amazonaws.com',
      };
      for (const value of paths.flatMap((path) => valuesAt(resource, path))) {
        const profiles = index.named(value, resource.template, 'AWS::IAM::InstanceProfile');
        const roles = profiles.flatMap((profile) =>
          valuesAt(profile, 'Roles').flatMap((role) => keysOf(role, profile.template, 'AWS::IAM::Role')),
        );
        for (const key of profiles.length > 0 ? roles : keysOf(value, resource.template, '')) add(key, user);
      }
    }
  }
  return users;
}

/** What an API has where it calls with the credentials of its caller. */
function isCaller(role: string): boolean {
  return /^arn:[^:]*:iam::\*:user\/\*$/.test(role);
}

/** The values at a path in every branch; `*` is any item of a list or map. */
function valuesAt(resource: Resource, path: string): readonly Value[] {
  const [first, ...rest] = path.split('.*');
  let found = [at(resource, first!)];
  for (const part of rest) {
    found = found.flatMap(itemsOf).map((value) => (part === '' ? value : at(value, part.slice(1))));
  }
  return found.flatMap(items);
}

function itemsOf(value: Value | undefined): readonly Value[] {
  return eachBranch(value).flatMap((branch) => {
    if (isMap(branch.value)) return Object.values(branch.value);
    return isList(branch.value) ? items(branch.value) : [];
  });
}
