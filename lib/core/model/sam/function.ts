import { isIntrinsic } from '../is-intrinsic';
import { eventResources, eventsOf, type EventTarget } from './events';
import { managedArn, rolePolicies } from './policies';
import { pollerPolicies } from './pollers';
import {
  allow,
  assumedBy,
  compact,
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
import { isRecord, recordOf, type JsonObject } from '../../record';
import { CALLS } from '../../iam/platform-actions';

/** Properties that Lambda itself does not have. */
const SAM_ONLY = [
  'CodeUri',
  'InlineCode',
  'ImageUri',
  'Policies',
  'Events',
  'Tracing',
  'Tags',
  'DeadLetterQueue',
  'AutoPublishAlias',
  'AutoPublishAliasAllProperties',
  'AutoPublishCodeSha256',
  'VersionDescription',
  'VersionDeletionPolicy',
  'PublishToLatestPublished',
  'ProvisionedConcurrencyConfig',
  'FunctionUrlConfig',
  'EventInvokeConfig',
  'PermissionsBoundary',
  'RolePath',
  'AssumeRolePolicyDocument',
  'DeploymentPreference',
  'PropagateTags',
];

/**
 * Expands a SAM function: function, role, version and alias, URL, and what its events need.
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources-function.html
 */
export function functionResources(fn: SamResource): RawResources {
  const { id, properties, raw } = fn;
  const alias = properties.AutoPublishAlias;
  const aliasId = typeof alias === 'string' ? `${id}Alias${alias}` : undefined;
  const target: EventTarget = {
    id,
    invoked: aliasId ? ref(aliasId) : ref(id),
    arn: aliasId ? ref(aliasId) : getAtt(id, 'Arn'),
    uri: aliasId ? sub(`\${${aliasId}}`) : sub(`\${${id}.Arn}`),
  };
  return {
    [id]: made(fn, 'AWS::Lambda::Function', lambdaProperties(fn), {
      DependsOn: raw.DependsOn,
      DeletionPolicy: raw.DeletionPolicy,
      UpdateReplacePolicy: raw.UpdateReplacePolicy,
    }),
    ...(orOwn(properties.Role).own ? { [`${id}Role`]: role(fn) } : {}),
    ...published(fn, aliasId, alias),
    ...urlResources(fn, target),
    ...invokeConfig(fn, alias),
    ...eventResources(fn, target),
    ...deployment(fn),
  };
}

/**
 * A resource that SAM creates unless one is given; `AWS::NoValue` in a branch counts as not given.
 * @returns whether SAM creates one, and the value with SAM's own filled in
 */
function orOwn(given: unknown): { readonly own: boolean; readonly value: (made: JsonObject) => unknown } {
  const branches = recordOf(given)['Fn::If'];
  if (given === undefined || recordOf(given).Ref === 'AWS::NoValue') return { own: true, value: (made) => made };
  if (!Array.isArray(branches)) return { own: false, value: () => given };
  const [condition, ...both] = branches as readonly unknown[];
  const parts = both.map(orOwn);
  return {
    own: parts.some(({ own }) => own),
    value: (made) => ({ 'Fn::If': [condition, ...parts.map(({ value }) => value(made))] }),
  };
}

/** Whether code is a folder or an archive beside the template, not an object in a bucket. */
export function isLocal(uri: unknown): uri is string {
  return typeof uri === 'string' && !uri.startsWith('s3:');
}

function lambdaProperties({ id, properties }: SamResource): JsonObject {
  const { InlineCode, ImageUri, CodeUri, Tracing, DeadLetterQueue } = properties;
  const { Bucket, Key, Version } = recordOf(CodeUri);
  const uri =
    isRecord(CodeUri) && !isIntrinsic(CodeUri) ? { S3Bucket: Bucket, S3Key: Key, S3ObjectVersion: Version } : {};
  return {
    ...omit(properties, SAM_ONLY),
    // A local folder stays as it is, as in an unpackaged template.
    Code: isLocal(CodeUri) ? CodeUri : compact({ ZipFile: InlineCode, ImageUri, ...uri }),
    Role: orOwn(properties.Role).value(getAtt(`${id}Role`, 'Arn')),
    TracingConfig: Tracing ? { Mode: Tracing } : undefined,
    DeadLetterConfig: isRecord(DeadLetterQueue) ? { TargetArn: DeadLetterQueue.TargetArn } : undefined,
    Tags: tagList(properties.Tags),
  };
}

function role(fn: SamResource): JsonObject {
  const { id, properties } = fn;
  const { managed, inline, unknown } = rolePolicies(properties.Policies, `${id}Role`);
  const polled = pollerPolicies(
    eventsOf(fn).map(({ type, properties: event }) =>
      type === 'SNS' && event.SqsSubscription ? { type: 'SQS', properties: {} } : { type, properties: event },
    ),
  );
  const basic = properties.DurableConfig ? 'AWSLambdaBasicDurableExecutionRolePolicy' : 'AWSLambdaBasicExecutionRole';
  const traced = Boolean(properties.Tracing) && properties.Tracing !== 'Disabled';
  const own = [
    basic,
    ...(traced ? ['AWSXrayWriteOnlyAccess'] : []),
    ...(properties.VpcConfig === undefined ? [] : ['AWSLambdaVPCAccessExecutionRole']),
    ...polled.managed,
  ];
  const resource = made(fn, 'AWS::IAM::Role', {
    AssumeRolePolicyDocument: properties.AssumeRolePolicyDocument ?? assumedBy('lambda.amazonaws.com'),
    ManagedPolicyArns: distinct([...own.map(managedArn), ...managed]),
    Policies: distinct([...inline, ...polled.inline, ...destinationPolicies(fn)]),
    PermissionsBoundary: properties.PermissionsBoundary,
    Path: properties.RolePath,
  });
  return unknown.reduce(
    (made, name) => notExpanded(made, `what the policy template ${name} grants is not known here`, 'Policies'),
    resource,
  );
}

/** A policy named twice is attached once. */
function distinct(values: readonly unknown[]): unknown[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

const SEND: Readonly<Record<string, string>> = {
  SQS: CALLS.queue.required,
  SNS: CALLS.topic.required,
  Lambda: CALLS.function.required,
  EventBridge: CALLS.bus.required,
};

/** What SAM grants the role for the dead-letter queue and for destinations with a type. */
function destinationPolicies(fn: SamResource): JsonObject[] {
  const { DeadLetterQueue } = fn.properties;
  const { Type: type, TargetArn: arn } = recordOf(DeadLetterQueue);
  const failures = eventsOf(fn).map(({ properties }) => recordOf(recordOf(properties.DestinationConfig).OnFailure));
  const targets = [
    { type, arn },
    ...invokeDestinations(fn).map((one) => ({ type: one.type, arn: one.arn })),
    ...failures.map((one) => ({ type: one.Type, arn: one.Destination })),
  ];
  return targets.flatMap((target) => {
    if (target.arn === undefined) return [];
    if (target.type === 'S3' || target.type === 'S3Bucket') {
      const objects = sub('${Bucket}/*', { Bucket: target.arn });
      return [inlinePolicy('DestinationPolicy', allow('s3:PutObject', objects), allow('s3:ListBucket', target.arn))];
    }
    const action = SEND[String(target.type)];
    return action === undefined ? [] : [inlinePolicy('DestinationPolicy', allow(action, target.arn))];
  });
}

/** Destinations of asynchronous calls; SAM creates a queue or topic that is not named. */
function invokeDestinations({ id, properties }: SamResource) {
  const config = recordOf(recordOf(properties.EventInvokeConfig).DestinationConfig);
  return Object.entries(config).flatMap(([name, raw]) => {
    const { Type: type, Destination: given } = recordOf(raw);
    const kind = type === 'SQS' ? 'Queue' : type === 'SNS' ? 'Topic' : undefined;
    const { own, value } = orOwn(given);
    const ownId = `${id}EventInvokeConfig${name}${kind}`;
    const made = own && kind !== undefined ? ownId : undefined;
    return [{ name, type, arn: value(kind === 'Queue' ? getAtt(ownId, 'Arn') : ref(ownId)), made, kind }];
  });
}

function published(fn: SamResource, aliasId: string | undefined, name: unknown): RawResources {
  if (aliasId === undefined) return {};
  const { id, properties } = fn;
  return {
    [`${id}Version`]: made(fn, 'AWS::Lambda::Version', { FunctionName: ref(id) }, { DeletionPolicy: 'Retain' }),
    [aliasId]: made(fn, 'AWS::Lambda::Alias', {
      Name: name,
      FunctionName: ref(id),
      FunctionVersion: getAtt(`${id}Version`, 'Version'),
      ProvisionedConcurrencyConfig: properties.ProvisionedConcurrencyConfig,
    }),
  };
}

function urlResources(fn: SamResource, target: EventTarget): RawResources {
  const { id, properties } = fn;
  const config = properties.FunctionUrlConfig;
  if (!isRecord(config)) return {};
  const open = { FunctionName: target.invoked, Principal: '*', FunctionUrlAuthType: 'NONE' };
  return {
    [`${id}Url`]: made(fn, 'AWS::Lambda::Url', { ...config, TargetFunctionArn: target.invoked }),
    ...(config.AuthType === 'NONE'
      ? {
          [`${id}UrlPublicPermissions`]: made(fn, 'AWS::Lambda::Permission', {
            ...open,
            Action: 'lambda:InvokeFunctionUrl',
          }),
          [`${id}URLInvokeAllowPublicAccess`]: made(fn, 'AWS::Lambda::Permission', {
            FunctionName: target.invoked,
            Principal: '*',
            Action: CALLS.function.required,
            InvokedViaFunctionUrl: true,
          }),
        }
      : {}),
  };
}

function invokeConfig(fn: SamResource, alias: unknown): RawResources {
  const { id, properties } = fn;
  const config = properties.EventInvokeConfig;
  if (!isRecord(config)) return {};
  const destinations = invokeDestinations(fn);
  return {
    [`${id}EventInvokeConfig`]: made(fn, 'AWS::Lambda::EventInvokeConfig', {
      ...config,
      FunctionName: ref(id),
      Qualifier: alias ?? '$LATEST',
      DestinationConfig:
        destinations.length === 0
          ? undefined
          : Object.fromEntries(destinations.map(({ name, arn }) => [name, { Destination: arn }])),
    }),
    ...Object.fromEntries(
      destinations.flatMap((one) =>
        one.made === undefined
          ? []
          : [[one.made, made(fn, one.kind === 'Queue' ? 'AWS::SQS::Queue' : 'AWS::SNS::Topic', {})]],
      ),
    ),
  };
}

const ROLLS_OUT = ['AllAtOnce', 'Linear', 'Canary'];

/** What CodeDeploy needs to shift traffic to a new version: an application, a deployment group and a role. */
function deployment(fn: SamResource): RawResources {
  const { id, properties } = fn;
  const preference = recordOf(properties.DeploymentPreference);
  const type = preference.Type;
  if (preference.Enabled === false || (type === undefined && preference.Enabled === undefined)) return {};
  if (typeof type === 'string' && !ROLLS_OUT.some((name) => type.startsWith(name))) return {};
  const given = preference.Role;
  const role: RawResources =
    given === undefined
      ? {
          CodeDeployServiceRole: made(fn, 'AWS::IAM::Role', {
            AssumeRolePolicyDocument: assumedBy('codedeploy.amazonaws.com'),
            ManagedPolicyArns: [managedArn('service-role/AWSCodeDeployRoleForLambda')],
          }),
        }
      : {};
  return {
    ServerlessDeploymentApplication: made(fn, 'AWS::CodeDeploy::Application', { ComputePlatform: 'Lambda' }),
    [`${id}DeploymentGroup`]: made(fn, 'AWS::CodeDeploy::DeploymentGroup', {
      ApplicationName: ref('ServerlessDeploymentApplication'),
      ServiceRoleArn: given ?? getAtt('CodeDeployServiceRole', 'Arn'),
    }),
    ...role,
  };
}
