import { type Raw } from '../intrinsics';
import { isIntrinsic, isObject, listOf, objectOf, sub } from './raw';

/** What the `Policies` of a SAM function come to in its role. */
export interface RolePolicies {
  /** `ManagedPolicyArns`. */
  readonly managed: readonly unknown[];
  /** `Policies`. */
  readonly inline: readonly Raw[];
}

/** Actions and resources of SAM's policy templates; `${Name}` is a parameter of the template. */
const ARN = 'arn:${AWS::Partition}';
const HERE = '${AWS::Region}:${AWS::AccountId}';
const TABLE = [`${ARN}:dynamodb:${HERE}:table/\${TableName}`, `${ARN}:dynamodb:${HERE}:table/\${TableName}/index/*`];
const BUCKET = [`${ARN}:s3:::\${BucketName}`, `${ARN}:s3:::\${BucketName}/*`];
const QUEUE = [`${ARN}:sqs:${HERE}:\${QueueName}`];
const TOPIC = [`${ARN}:sns:${HERE}:\${TopicName}`];
const KEY = [`${ARN}:kms:${HERE}:key/\${KeyId}`];
const STREAM = [`${ARN}:kinesis:${HERE}:stream/\${StreamName}`];
const TABLE_READ = ['GetItem', 'Scan', 'Query', 'BatchGetItem', 'DescribeTable'];
const TABLE_WRITE = ['PutItem', 'UpdateItem', 'BatchWriteItem'];

const of = (service: string, ...actions: string[]): string[] => actions.map((action) => `${service}:${action}`);

/** @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-policy-template-list.html */
const TEMPLATES: Readonly<Record<string, readonly [actions: readonly string[], resources: readonly string[]]>> = {
  AWSSecretsManagerGetSecretValuePolicy: [of('secretsmanager', 'GetSecretValue'), ['${SecretArn}']],
  CloudWatchPutMetricPolicy: [of('cloudwatch', 'PutMetricData'), ['*']],
  DynamoDBCrudPolicy: [of('dynamodb', ...TABLE_READ, ...TABLE_WRITE, 'DeleteItem', 'ConditionCheckItem'), TABLE],
  DynamoDBReadPolicy: [of('dynamodb', ...TABLE_READ), TABLE],
  DynamoDBWritePolicy: [of('dynamodb', ...TABLE_WRITE), TABLE],
  DynamoDBStreamReadPolicy: [
    of('dynamodb', 'DescribeStream', 'GetRecords', 'GetShardIterator'),
    [`${ARN}:dynamodb:${HERE}:table/\${TableName}/stream/\${StreamName}`],
  ],
  EventBridgePutEventsPolicy: [of('events', 'PutEvents'), [`${ARN}:events:${HERE}:event-bus/\${EventBusName}`]],
  FirehoseWritePolicy: [
    of('firehose', 'PutRecord', 'PutRecordBatch'),
    [`${ARN}:firehose:${HERE}:deliverystream/\${DeliveryStreamName}`],
  ],
  KinesisStreamReadPolicy: [
    of(
      'kinesis',
      'ListStreams',
      'DescribeLimits',
      'DescribeStream',
      'DescribeStreamSummary',
      'GetRecords',
      'GetShardIterator',
    ),
    STREAM,
  ],
  KinesisCrudPolicy: [
    of(
      'kinesis',
      'PutRecord',
      'PutRecords',
      'GetRecords',
      'GetShardIterator',
      'DescribeStream',
      'DescribeStreamSummary',
    ),
    STREAM,
  ],
  KMSDecryptPolicy: [of('kms', 'Decrypt'), KEY],
  KMSEncryptPolicy: [of('kms', 'Encrypt', 'GenerateDataKey'), KEY],
  LambdaInvokePolicy: [of('lambda', 'InvokeFunction'), [`${ARN}:lambda:${HERE}:function:\${FunctionName}*`]],
  S3ReadPolicy: [
    of('s3', 'GetObject', 'ListBucket', 'GetBucketLocation', 'GetObjectVersion', 'GetLifecycleConfiguration'),
    BUCKET,
  ],
  S3WritePolicy: [of('s3', 'PutObject', 'PutObjectAcl', 'PutLifecycleConfiguration'), BUCKET],
  S3CrudPolicy: [
    of(
      's3',
      'GetObject',
      'ListBucket',
      'GetBucketLocation',
      'GetObjectVersion',
      'PutObject',
      'PutObjectAcl',
      'GetLifecycleConfiguration',
      'PutLifecycleConfiguration',
      'DeleteObject',
    ),
    BUCKET,
  ],
  SNSPublishMessagePolicy: [of('sns', 'Publish'), TOPIC],
  SQSPollerPolicy: [
    of(
      'sqs',
      'ChangeMessageVisibility',
      'ChangeMessageVisibilityBatch',
      'DeleteMessage',
      'DeleteMessageBatch',
      'GetQueueAttributes',
      'ReceiveMessage',
    ),
    QUEUE,
  ],
  SQSSendMessagePolicy: [of('sqs', 'SendMessage*'), QUEUE],
  SSMParameterReadPolicy: [
    of('ssm', 'GetParameters', 'GetParameter', 'GetParametersByPath'),
    [`${ARN}:ssm:${HERE}:parameter/\${ParameterName}`],
  ],
  StepFunctionsExecutionPolicy: [
    of('states', 'StartExecution'),
    [`${ARN}:states:${HERE}:stateMachine:\${StateMachineName}`],
  ],
};

/** What the `Policies` of a SAM resource come to: managed policies, documents and policy templates. */
export function rolePolicies(policies: unknown, roleId: string): RolePolicies {
  const managed: unknown[] = [];
  const inline: Raw[] = [];
  for (const policy of listOf(policies)) {
    const document = typeof policy === 'string' || isIntrinsic(policy) ? undefined : documentOf(objectOf(policy));
    if (document) inline.push({ PolicyName: `${roleId}Policy${inline.length}`, PolicyDocument: document });
    else managed.push(typeof policy === 'string' ? managedArn(policy) : policy);
  }
  return { managed, inline };
}

/** A managed policy by ARN or by name, AWS's own. */
export function managedArn(name: string): unknown {
  return name.startsWith('arn:') ? name : sub(`${ARN}:iam::aws:policy/${name}`);
}

function documentOf(policy: Raw): Raw {
  if ('Statement' in policy) return policy;
  const [name, parameters] = Object.entries(policy)[0] ?? [''];
  const template = Object.hasOwn(TEMPLATES, name) ? TEMPLATES[name] : undefined;
  const [actions, resources]: readonly [unknown, unknown] = template
    ? [template[0], template[1].map((text) => withParameters(text, parameters))]
    : // A template that is not listed grants something, and nobody here knows what.
      [{ [`Fn::${name}`]: {} }, { [`Fn::${name}`]: {} }];
  return { Statement: [{ Effect: 'Allow', Action: actions, Resource: resources }] };
}

function withParameters(text: string, parameters: unknown): unknown {
  const used = Object.entries(isObject(parameters) ? parameters : {}).filter(([name]) => text.includes(`\${${name}}`));
  return text.includes('${') ? sub(text, Object.fromEntries(used)) : text;
}
