import { type Raw } from '../intrinsics';
import { eventResources, type EventTarget } from './events';
import { managedArn, rolePolicies } from './policies';
import {
  compact,
  getAtt,
  isIntrinsic,
  isObject,
  made,
  objectOf,
  omit,
  type RawResources,
  ref,
  type SamResource,
  sub,
  tagList,
} from './raw';

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

/** Policies that SAM gives a function's role for what polls on its behalf. */
const POLLERS: Readonly<Record<string, string>> = {
  SQS: 'service-role/AWSLambdaSQSQueueExecutionRole',
  Kinesis: 'service-role/AWSLambdaKinesisExecutionRole',
  DynamoDB: 'service-role/AWSLambdaDynamoDBExecutionRole',
  MSK: 'service-role/AWSLambdaMSKExecutionRole',
};

/**
 * A SAM function as what SAM makes of it: function, role, version and alias, URL, and what its events need.
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources-function.html
 */
export function functionResources(fn: SamResource): RawResources {
  const { id, properties, raw } = fn;
  const alias = properties['AutoPublishAlias'];
  const aliasId = typeof alias === 'string' ? `${id}Alias${alias}` : undefined;
  const target: EventTarget = {
    id,
    invoked: aliasId ? ref(aliasId) : ref(id),
    arn: aliasId ? ref(aliasId) : getAtt(id, 'Arn'),
    uri: aliasId ? sub(`\${${aliasId}}`) : sub(`\${${id}.Arn}`),
  };
  return {
    [id]: made(fn, 'AWS::Lambda::Function', lambdaProperties(fn), {
      DependsOn: raw['DependsOn'],
      DeletionPolicy: raw['DeletionPolicy'],
      UpdateReplacePolicy: raw['UpdateReplacePolicy'],
    }),
    ...(properties['Role'] === undefined ? { [`${id}Role`]: role(fn) } : {}),
    ...published(fn, aliasId, alias),
    ...urlResources(fn, target),
    ...invokeConfig(fn, alias),
    ...eventResources(fn, target),
  };
}

function lambdaProperties({ id, properties }: SamResource): Raw {
  const { InlineCode, ImageUri, CodeUri, Tracing, DeadLetterQueue } = properties;
  const { Bucket, Key, Version } = objectOf(CodeUri);
  const uri =
    isObject(CodeUri) && !isIntrinsic(CodeUri) ? { S3Bucket: Bucket, S3Key: Key, S3ObjectVersion: Version } : {};
  return {
    ...omit(properties, SAM_ONLY),
    Code: compact({ ZipFile: InlineCode, ImageUri, ...uri }),
    Role: properties['Role'] ?? getAtt(`${id}Role`, 'Arn'),
    TracingConfig: Tracing === undefined ? undefined : { Mode: Tracing },
    DeadLetterConfig: isObject(DeadLetterQueue) ? { TargetArn: DeadLetterQueue['TargetArn'] } : undefined,
    Tags: tagList(properties['Tags']),
  };
}

function role(fn: SamResource): Raw {
  const { id, properties } = fn;
  const { managed, inline } = rolePolicies(properties['Policies'], `${id}Role`);
  const sources = Object.values(objectOf(properties['Events'])).map((event) => String(objectOf(event)['Type']));
  const own = [
    'service-role/AWSLambdaBasicExecutionRole',
    ...(properties['Tracing'] === 'Active' ? ['AWSXrayWriteOnlyAccess'] : []),
    ...(properties['VpcConfig'] === undefined ? [] : ['service-role/AWSLambdaVPCAccessExecutionRole']),
    ...sources.flatMap((type) => (Object.hasOwn(POLLERS, type) ? [POLLERS[type]!] : [])),
  ];
  return made(fn, 'AWS::IAM::Role', {
    AssumeRolePolicyDocument: properties['AssumeRolePolicyDocument'] ?? assumedBy('lambda.amazonaws.com'),
    ManagedPolicyArns: [...[...new Set(own)].map(managedArn), ...managed],
    Policies: [...inline, ...destinationPolicies(properties)],
    PermissionsBoundary: properties['PermissionsBoundary'],
    Path: properties['RolePath'],
  });
}

const SEND: Readonly<Record<string, string>> = {
  SQS: 'sqs:SendMessage',
  SNS: 'sns:Publish',
  Lambda: 'lambda:InvokeFunction',
  EventBridge: 'events:PutEvents',
};

/** What SAM lets the role do for the dead-letter queue and the destinations that say their type. */
function destinationPolicies({ DeadLetterQueue, EventInvokeConfig, Events }: Raw): Raw[] {
  const events = Object.values(objectOf(Events)).map((event) => objectOf(event)['Properties']);
  const destinations = [EventInvokeConfig, ...events]
    .flatMap((holder) => Object.values(objectOf(objectOf(holder)['DestinationConfig'])))
    .map((destination) => ({ type: objectOf(destination)['Type'], arn: objectOf(destination)['Destination'] }));
  const { Type: type, TargetArn: arn } = objectOf(DeadLetterQueue);
  return [{ type, arn }, ...destinations].flatMap((target) => {
    const Action = SEND[String(target.type)];
    if (Action === undefined || target.arn === undefined) return [];
    const statement = { Effect: 'Allow', Action, Resource: target.arn };
    return [{ PolicyName: 'DestinationPolicy', PolicyDocument: { Statement: [statement] } }];
  });
}

/** The trust policy of a role that a service assumes. */
export function assumedBy(service: string): Raw {
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service } }],
  };
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
      ProvisionedConcurrencyConfig: properties['ProvisionedConcurrencyConfig'],
    }),
  };
}

function urlResources(fn: SamResource, target: EventTarget): RawResources {
  const { id, properties } = fn;
  const config = properties['FunctionUrlConfig'];
  if (!isObject(config)) return {};
  const open = { FunctionName: target.invoked, Principal: '*', FunctionUrlAuthType: 'NONE' };
  return {
    [`${id}Url`]: made(fn, 'AWS::Lambda::Url', { ...config, TargetFunctionArn: target.invoked }),
    ...(config['AuthType'] === 'NONE'
      ? {
          [`${id}UrlPublicPermissions`]: made(fn, 'AWS::Lambda::Permission', {
            ...open,
            Action: 'lambda:InvokeFunctionUrl',
          }),
          [`${id}URLInvokeAllowPublicAccess`]: made(fn, 'AWS::Lambda::Permission', {
            FunctionName: target.invoked,
            Principal: '*',
            Action: 'lambda:InvokeFunction',
            InvokedViaFunctionUrl: true,
          }),
        }
      : {}),
  };
}

function invokeConfig(fn: SamResource, alias: unknown): RawResources {
  const { id, properties } = fn;
  const config = properties['EventInvokeConfig'];
  if (!isObject(config)) return {};
  const destinations = Object.entries(objectOf(config['DestinationConfig'])).map(([name, destination]) => [
    name,
    { Destination: objectOf(destination)['Destination'] },
  ]);
  return {
    [`${id}EventInvokeConfig`]: made(fn, 'AWS::Lambda::EventInvokeConfig', {
      ...config,
      FunctionName: ref(id),
      Qualifier: alias ?? '$LATEST',
      DestinationConfig: destinations.length === 0 ? undefined : (Object.fromEntries(destinations) as Raw),
    }),
  };
}
