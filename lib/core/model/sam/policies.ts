import { isIntrinsic } from '../is-intrinsic';
import { POLICY_TEMPLATES } from './policy-templates';
import { allow, compact, ref, sub } from './raw';
import { asList, isRecord, recordOf, type JsonObject } from '../../record';

/** The `Policies` of a SAM resource, expanded for its role. */
export interface RolePolicies {
  /** `ManagedPolicyArns`. */
  readonly managed: readonly unknown[];
  /** `Policies`. */
  readonly inline: readonly JsonObject[];
  /** Names of policy templates not known here; their content is unknown in `inline`. */
  readonly unknown: readonly string[];
}

/** Expands the `Policies` of a SAM resource: managed policies, documents and policy templates. */
export function rolePolicies(policies: unknown, roleId: string): RolePolicies {
  const managed: unknown[] = [];
  const inline: JsonObject[] = [];
  const unknown: string[] = [];
  const add = (policy: unknown, wrapped: (made: unknown) => unknown): void => {
    const condition = recordOf(policy)['Fn::If'];
    if (Array.isArray(condition)) {
      const [name, then, otherwise] = condition as readonly unknown[];
      const absent = ref('AWS::NoValue');
      for (const one of asList(then)) add(one, (made) => wrapped({ 'Fn::If': [name, made, absent] }));
      for (const one of asList(otherwise)) add(one, (made) => wrapped({ 'Fn::If': [name, absent, made] }));
    } else if (typeof policy === 'string') managed.push(wrapped(managedArn(policy)));
    else if (recordOf(policy).Ref === 'AWS::NoValue') return;
    else if (isIntrinsic(policy)) managed.push(wrapped(policy));
    else {
      const [name = ''] = Object.keys(recordOf(policy));
      const known = 'Statement' in recordOf(policy) || Object.hasOwn(POLICY_TEMPLATES, name);
      if (!known) unknown.push(name);
      const document = known ? documentOf(recordOf(policy)) : unknownDocument(name);
      inline.push(wrapped({ PolicyName: `${roleId}Policy${inline.length}`, PolicyDocument: document }) as JsonObject);
    }
  };
  for (const policy of asList(policies)) add(policy, (made) => made);
  return { managed, inline, unknown };
}

/** AWS-managed policies under `service-role/` that are often named without it. */
const SERVICE_ROLES = [
  'AWSLambdaBasicExecutionRole',
  'AWSLambdaBasicDurableExecutionRolePolicy',
  'AWSLambdaVPCAccessExecutionRole',
  'AWSLambdaENIManagementAccess',
  'AWSLambdaKinesisExecutionRole',
  'AWSLambdaDynamoDBExecutionRole',
  'AWSLambdaSQSQueueExecutionRole',
  'AWSLambdaMSKExecutionRole',
  'AWSLambdaRole',
  'AmazonS3ObjectLambdaExecutionRolePolicy',
  'AmazonAPIGatewayPushToCloudWatchLogs',
  'AWSAppSyncPushToCloudWatchLogs',
];

/** An AWS-managed policy, by ARN or by name. */
export function managedArn(name: string): unknown {
  if (name.startsWith('arn:')) return name;
  return sub(`arn:\${AWS::Partition}:iam::aws:policy/${SERVICE_ROLES.includes(name) ? 'service-role/' : ''}${name}`);
}

/** An unlisted template grants something unknown. */
function unknownDocument(name: string): JsonObject {
  return { Statement: [allow({ [`Fn::${name}`]: {} }, { [`Fn::${name}`]: {} })] };
}

/** The document of a policy: the policy itself, or its expanded template. */
function documentOf(policy: JsonObject): JsonObject {
  if ('Statement' in policy) return policy;
  const [name, parameters] = Object.entries(policy)[0]!;
  const given = isRecord(parameters) ? parameters : {};
  return {
    Statement: POLICY_TEMPLATES[name]!.map(({ actions, resources, condition }) =>
      compact({
        ...allow(
          actions,
          resources.map((text) => withParameters(text, given)),
        ),
        Condition: condition && { StringEquals: { [condition.key]: withParameters(condition.value, given) } },
      }),
    ),
  };
}

function withParameters(text: string, parameters: JsonObject): unknown {
  const used = Object.entries(parameters).filter(([name]) => text.includes(`\${${name}}`));
  return text.includes('${') ? sub(text, Object.fromEntries(used)) : text;
}
