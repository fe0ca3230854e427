import { displayName } from '../model/display';
import { type Model, type Resource } from '../model/model';
import { type Names } from '../model/names';
import { at, entries, items } from '../model/select';
import { type Value } from '../model/values';

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
  | 'resource'
  | 'role'
  | 'user'
  | 'group'
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
    paths: ['Roles.*'],
    owner: 'IdentityPoolId',
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

const KINDS: Readonly<Record<string, PrincipalKind>> = {
  'AWS::ApiGateway::RestApi': 'api',
  'AWS::ApiGatewayV2::Api': 'api',
  'AWS::AppSync::GraphQLApi': 'api',
  'AWS::Cognito::IdentityPool': 'identity pool',
  'AWS::ECS::TaskDefinition': 'task',
  'AWS::Events::Rule': 'rule',
  'AWS::IAM::Group': 'group',
  'AWS::IAM::Role': 'role',
  'AWS::IAM::User': 'user',
  'AWS::Kinesis::Stream': 'stream',
  'AWS::KinesisFirehose::DeliveryStream': 'stream',
  'AWS::Lambda::Function': 'function',
  'AWS::Pipes::Pipe': 'pipe',
  'AWS::S3::Bucket': 'bucket',
  'AWS::Scheduler::Schedule': 'schedule',
  'AWS::SNS::Topic': 'topic',
  'AWS::StepFunctions::StateMachine': 'state machine',
};

/** A resource as a principal. */
export function principalOf(resource: Resource): Principal {
  return { kind: KINDS[resource.type] ?? 'resource', name: displayName(resource) };
}

/** Who works with which role: by the id of the role in the model, or by the ARN of a role from elsewhere. */
export function roleUsers(model: Model, names: Names): ReadonlyMap<string, readonly RoleUser[]> {
  const users = new Map<string, RoleUser[]>();
  const roles = new Map(model.ofType('AWS::IAM::Role').map((role) => [names.arn(role), role.id]));
  for (const [type, use] of Object.entries(ROLE_USES)) {
    for (const resource of model.ofType(type)) {
      const owner = (use.owner && model.target(resource.properties[use.owner])) || resource;
      const principal: Principal = { kind: use.kind, name: displayName(owner) };
      for (const value of use.paths.flatMap((path) => valuesAt(resource, path))) {
        const role = model.target(value);
        const arn = names.text(value, resource.template);
        const key = role?.type === 'AWS::IAM::Role' ? role.id : arn && (roles.get(arn) ?? arn);
        if (!key) continue;
        const known = users.get(key) ?? [];
        if (!known.some((user) => user.principal.name === principal.name && user.principal.kind === principal.kind)) {
          known.push({ principal, id: owner.id, service: use.service });
        }
        users.set(key, known);
      }
    }
  }
  return users;
}

/** The values at a path in every branch; `*` is any item of a list or map. */
function valuesAt(resource: Resource, path: string): readonly Value[] {
  const [first, rest] = path.split('.*');
  const found = items(at(resource, first!));
  if (rest === undefined) return found;
  if (rest === '') return found.flatMap((value) => entries(value).flatMap(([, item]) => items(item)));
  return found.flatMap((value) => items(at(value, rest.slice(1))));
}
