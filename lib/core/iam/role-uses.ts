import { tableOf } from '../table';
import { at, eachBranch, isList, isMap, items } from '../model/select';
import type { Resource } from '../model/model';
import { Choice, type Value, type ValueMap } from '../model/values';
import type { PrincipalKind } from './principals';

/** How a CloudFormation type uses roles. */
export interface RoleUse {
  /** What its resources are. */
  readonly kind: PrincipalKind;
  /** The service that assumes the role for them. */
  readonly service: string;
  /** The role's paths; `*` is any item of a list or map. Undefined: every property named like a role. */
  readonly paths?: readonly string[];
  /** The property that names the resource it acts for. */
  readonly owner?: string;
}

/** Where an API's OpenAPI document has the roles of its integrations and authorizers. */
const OF_DOCUMENT = [
  'Body.paths.*.*.x-amazon-apigateway-integration.credentials',
  ...['securityDefinitions', 'components.securitySchemes'].map(
    (schemes) => `Body.${schemes}.*.x-amazon-apigateway-authorizer.authorizerCredentials`,
  ),
];

/** Known types that use a role; any other type does too if it has a property for one. */
export const ROLE_USES = tableOf<RoleUse>({
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
    paths: ['Roles.authenticated', 'RoleMappings.*.RulesConfiguration.Rules.*.RoleARN'],
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
  'AWS::KinesisFirehose::DeliveryStream': { kind: 'stream', service: 'firehose.amazonaws.com' },
  'AWS::Lambda::Function': { kind: 'function', service: 'lambda.amazonaws.com', paths: ['Role'] },
  'AWS::Pipes::Pipe': { kind: 'pipe', service: 'pipes.amazonaws.com', paths: ['RoleArn'] },
  'AWS::RDS::DBProxy': { kind: 'resource', service: 'rds.amazonaws.com', paths: ['RoleArn'] },
  'AWS::Scheduler::Schedule': { kind: 'schedule', service: 'scheduler.amazonaws.com', paths: ['Target.RoleArn'] },
  'AWS::StepFunctions::StateMachine': { kind: 'state machine', service: 'states.amazonaws.com', paths: ['RoleArn'] },
});

/** Types whose roles mean something else: who gets a policy, who may assume a role, what a nested stack gets. */
const ELSEWHERE = /^AWS::(?:IAM|SSO|Cognito|CloudFormation::(?:Stack|Macro|WaitCondition)$)/;

/** Names of role properties: `ServiceRole`, `RoleArn`, `IamRoles`, `DeliverLogsPermissionArn`. */
const ROLE = /(?:Roles?|Permission)(?:Arns?)$|Roles?$/i;

/** Caches the few property names, which are tested tens of thousands of times. */
const seen = new Map<string, boolean>();

function isCalledRole(name: string): boolean {
  const known = seen.get(name);
  if (known !== undefined) return known;
  const is = ROLE.test(name);
  if (seen.size < 10_000) seen.set(name, is);
  return is;
}

/** Maps with user-defined keys. */
const FREE = new Set(['Environment', 'Parameters', 'Tags', 'Statement']);

const NOTHING: readonly Value[] = [];

/** The roles that a resource uses, as values, in every branch. */
export function rolesOf(resource: Resource): readonly Value[] {
  const use = ROLE_USES[resource.type];
  if (use?.paths) return use.paths.flatMap((path) => valuesAt(resource, path));
  return ELSEWHERE.test(resource.type) ? NOTHING : rolesIn(resource.properties, []);
}

/** Every value below a map whose property is named like a role. */
function rolesIn(map: ValueMap, found: Value[]): readonly Value[] {
  for (const name of Object.keys(map)) {
    const value = map[name];
    if (typeof value === 'object' && value !== null && !FREE.has(name)) below(value, found);
    if (value !== undefined && isCalledRole(name)) found.push(...items(value));
  }
  return found;
}

function below(value: Value | undefined, found: Value[]): void {
  if (value instanceof Choice) {
    below(value.then, found);
    below(value.otherwise, found);
  } else if (isList(value)) value.forEach((item) => below(item, found));
  else if (isMap(value)) rolesIn(value, found);
}

/** The values at a path in every branch; `*` is any item of a list or map. */
export function valuesAt(resource: Resource, path: string): readonly Value[] {
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
