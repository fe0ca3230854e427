import { allow, compact, getAtt, inlinePolicy, omit, sub } from './raw';
import { asList, recordOf, type JsonObject } from '../../record';
import { CALLS } from '../../iam/platform-actions';

/** An event source that Lambda polls: the property with its ARN, and what SAM grants the function's role for it. */
interface Poller {
  /** The event's property with the source's ARN; absent for a source without one. */
  readonly source?: string;
  readonly managed?: string;
  readonly statements?: (event: JsonObject) => readonly JsonObject[];
}

const NETWORK = ['CreateNetworkInterface', 'DescribeNetworkInterfaces', 'DeleteNetworkInterface'];
const NETWORKS = ['DescribeVpcs', 'DescribeSubnets', 'DescribeSecurityGroups'];
const ec2 = [...NETWORK, ...NETWORKS].map((name) => `ec2:${name}`);

const POLLERS: Readonly<Record<string, Poller>> = {
  SQS: { source: 'Queue', managed: 'service-role/AWSLambdaSQSQueueExecutionRole' },
  Kinesis: { source: 'Stream', managed: 'service-role/AWSLambdaKinesisExecutionRole' },
  DynamoDB: { source: 'Stream', managed: 'service-role/AWSLambdaDynamoDBExecutionRole' },
  MSK: {
    source: 'Stream',
    managed: 'service-role/AWSLambdaMSKExecutionRole',
    statements: (event) => [...schemaRegistry(event), ...secrets(event, ['CLIENT_CERTIFICATE_TLS_AUTH'])],
  },
  MQ: {
    source: 'Broker',
    statements: (event) => [
      ...secrets(event, ['BASIC_AUTH']),
      allow('mq:DescribeBroker', event.Broker),
      ...decryption(event),
    ],
  },
  SelfManagedKafka: {
    statements: (event) => [
      ...secrets(event, [
        'SASL_SCRAM_256_AUTH',
        'SASL_SCRAM_512_AUTH',
        'BASIC_AUTH',
        'CLIENT_CERTIFICATE_TLS_AUTH',
        'OAUTHBEARER_AUTH',
        'SERVER_ROOT_CA_CERTIFICATE',
      ]),
      ...(inNetwork(event) ? [allow(ec2, '*')] : []),
      ...decryption(event),
      ...schemaRegistry(event),
    ],
  },
  DocumentDB: {
    source: 'Cluster',
    statements: (event) => [
      ...secrets(event, ['BASIC_AUTH']),
      allow(['rds:DescribeDBClusterParameters'], here('rds', 'cluster-pg:*')),
      allow(['rds:DescribeDBSubnetGroups'], here('rds', 'subgrp:*')),
      allow(['rds:DescribeDBClusters'], event.Cluster),
      allow(ec2, '*'),
      ...decryption(event),
    ],
  },
};

/** The poller of an event type; undefined for sources that push. */
export function pollerOf(type: unknown): Poller | undefined {
  return Object.hasOwn(POLLERS, String(type)) ? POLLERS[String(type)] : undefined;
}

/** The event source mapping of an event that Lambda polls. */
export function mappingProperties(event: JsonObject, type: unknown, functionName: JsonObject): JsonObject {
  const poller = pollerOf(type);
  const { ConsumerGroupId, SchemaRegistryConfig, KafkaBootstrapServers, DatabaseName } = event;
  const kafka = compact({ ConsumerGroupId, SchemaRegistryConfig });
  const onFailure = recordOf(recordOf(event.DestinationConfig).OnFailure);
  return {
    ...omit(event, [...(poller?.source ? [poller.source] : []), ...SAM_ONLY]),
    EventSourceArn: poller?.source && event[poller.source],
    FunctionName: functionName,
    DestinationConfig: event.DestinationConfig === undefined ? undefined : { OnFailure: omit(onFailure, ['Type']) },
    SelfManagedEventSource: KafkaBootstrapServers && { Endpoints: { KafkaBootstrapServers } },
    AmazonManagedKafkaEventSourceConfig: type === 'MSK' && Object.keys(kafka).length > 0 ? kafka : undefined,
    SelfManagedKafkaEventSourceConfig: type === 'SelfManagedKafka' && Object.keys(kafka).length > 0 ? kafka : undefined,
    DocumentDBEventSourceConfig:
      type === 'DocumentDB'
        ? compact({ DatabaseName, CollectionName: event.CollectionName, FullDocument: event.FullDocument })
        : undefined,
  };
}

const SAM_ONLY = [
  'ConsumerGroupId',
  'SchemaRegistryConfig',
  'KafkaBootstrapServers',
  'SecretsManagerKmsKeyId',
  'DynamicPolicyName',
  'DatabaseName',
  'CollectionName',
  'FullDocument',
];

/** The policies that a function's role gets for its pollers. */
export function pollerPolicies(events: readonly { readonly type: unknown; readonly properties: JsonObject }[]): {
  readonly managed: readonly string[];
  readonly inline: readonly JsonObject[];
} {
  const found = events.flatMap(({ type, properties }) => {
    const poller = pollerOf(type);
    return poller ? [{ type, poller, properties }] : [];
  });
  return {
    managed: found.flatMap(({ poller }) => poller.managed ?? []),
    inline: found.flatMap(({ type, poller, properties }) => {
      const statements = poller.statements?.(properties) ?? [];
      return statements.length === 0 ? [] : [inlinePolicy(`${String(type)}Policy`, ...statements)];
    }),
  };
}

function accessConfigurations(event: JsonObject): readonly JsonObject[] {
  return asList(event.SourceAccessConfigurations).map(recordOf);
}

function inNetwork(event: JsonObject): boolean {
  const types = accessConfigurations(event).map(({ Type }) => Type);
  return types.includes('VPC_SUBNET') && types.includes('VPC_SECURITY_GROUP');
}

function secrets(event: JsonObject, types: readonly string[]): JsonObject[] {
  return accessConfigurations(event).flatMap(({ Type, URI }) =>
    types.includes(String(Type)) && URI !== undefined ? [allow(['secretsmanager:GetSecretValue'], URI)] : [],
  );
}

function decryption({ SecretsManagerKmsKeyId: key }: JsonObject): JsonObject[] {
  return typeof key === 'string' ? [allow(['kms:Decrypt'], here('kms', `key/${key}`))] : [];
}

function schemaRegistry({ SchemaRegistryConfig }: JsonObject): JsonObject[] {
  const { AccessConfigs, SchemaRegistryURI: uri } = recordOf(SchemaRegistryConfig);
  const [, name] = /registry\/(.+)$/.exec(String(recordOf(uri)['Fn::Sub'] ?? uri)) ?? [];
  return [
    ...asList(AccessConfigs).map((one) => allow(['secretsmanager:GetSecretValue'], recordOf(one).URI)),
    ...(name === undefined
      ? []
      : [allow(['glue:GetRegistry'], uri), allow(['glue:GetSchemaVersion'], [here('glue', `schema/${name}/*`)])]),
  ];
}

function here(service: string, resource: string): JsonObject {
  return sub(`arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${resource}`);
}

/** The queue that SAM creates for a subscription, with its mapping and policy. */
export function queueBehindTopic(
  id: string,
  topic: unknown,
  functionName: JsonObject,
  given: JsonObject,
): Record<string, JsonObject> {
  const { QueueArn, QueueUrl, BatchSize, Enabled, QueuePolicyLogicalId } = given;
  const arn = QueueArn ?? getAtt(`${id}Queue`, 'Arn');
  const policyId = typeof QueuePolicyLogicalId === 'string' ? QueuePolicyLogicalId : `${id}QueuePolicy`;
  return {
    ...(QueueArn === undefined ? { [`${id}Queue`]: { Type: 'AWS::SQS::Queue', Properties: {} } } : {}),
    [policyId]: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [QueueUrl ?? { Ref: `${id}Queue` }],
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Action: CALLS.queue.required,
              Principal: '*',
              Resource: arn,
              Condition: { ArnEquals: { 'aws:SourceArn': topic } },
            },
          ],
        },
      },
    },
    [`${id}EventSourceMapping`]: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: compact({
        EventSourceArn: arn,
        FunctionName: functionName,
        BatchSize: BatchSize ?? 10,
        Enabled: Enabled ?? true,
      }),
    },
  };
}
