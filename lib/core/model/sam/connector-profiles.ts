import { allow, sub } from './raw';
import { CALLS } from '../../iam/platform-actions';
import type { JsonObject } from '../../record';

/** The ends of a connector, as its statements name them. */
export interface Ends {
  /** What uses, sends or calls. */
  readonly source: End;
  /** What is used, sent to or called. */
  readonly destination: End;
}

/** One end of a connector. */
export interface End {
  readonly arn: unknown;
  /** Its name, for a state machine. */
  readonly name?: unknown;
  /** What `Ref` gives, for an API. */
  readonly resourceId?: unknown;
  /** Which part of an API. */
  readonly qualifier?: unknown;
}

/** What a connector between one type of source and one type of destination creates. */
export interface ConnectorProfile {
  /** A managed policy of a role, the policy of a queue or topic, or a permission of a function. */
  readonly kind: 'role' | 'queue' | 'topic' | 'permission';
  /** Whose role gets the policy. */
  readonly holder: 'source' | 'destination';
  /** Statements (or the properties of a permission), by `Read` and `Write`. */
  readonly grants: Readonly<Partial<Record<'Read' | 'Write', (ends: Ends) => readonly JsonObject[]>>>;
}

const actions = (service: string, names: string): string[] => names.split(' ').map((name) => `${service}:${name}`);
const below = (arn: unknown, path: string): JsonObject => sub(`\${Arn}${path}`, { Arn: arn });
const here = (service: string, resource: string, variables: JsonObject = {}): JsonObject =>
  sub(`arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${resource}`, variables);

/** A role that may use the destination. */
function using(service: string, write: string, read?: string, paths: readonly string[] = ['']): ConnectorProfile {
  const grant =
    (names: string) =>
    ({ destination }: Ends) => [
      allow(
        actions(service, names),
        paths.map((path) => (path === '' ? destination.arn : below(destination.arn, path))),
      ),
    ];
  return {
    kind: 'role',
    holder: 'source',
    grants: { ...(write !== '' && { Write: grant(write) }), ...(read !== undefined && { Read: grant(read) }) },
  };
}

/** A service that may send to the destination on behalf of the source. */
function sending(kind: 'queue' | 'topic', service: string, action: string): ConnectorProfile {
  return {
    kind,
    holder: 'destination',
    grants: {
      Write: ({ source, destination }) => [
        {
          ...allow(action, destination.arn),
          Principal: { Service: service },
          Condition: { ArnEquals: { 'aws:SourceArn': source.arn } },
        },
      ],
    },
  };
}

/** A service that may call the function on behalf of the source. */
function calling(service: string, sourceOf: (ends: Ends) => JsonObject): ConnectorProfile {
  return {
    kind: 'permission',
    holder: 'destination',
    grants: { Write: (ends) => [{ Action: CALLS.function.required, Principal: service, ...sourceOf(ends) }] },
  };
}

const ofArn = ({ source }: Ends): JsonObject => ({ SourceArn: source.arn });
const ofApi = ({ source }: Ends): JsonObject => ({
  SourceArn: here('execute-api', '${Api}/${Qualifier}', { Api: source.resourceId, Qualifier: source.qualifier }),
});

const TABLE = using(
  'dynamodb',
  'PutItem UpdateItem DeleteItem BatchWriteItem PartiQLDelete PartiQLInsert PartiQLUpdate',
  'GetItem Query Scan BatchGetItem ConditionCheckItem PartiQLSelect',
  ['', '/index/*'],
);
const BUCKET = using(
  's3',
  'AbortMultipartUpload DeleteObject DeleteObjectVersion PutObject PutObjectLegalHold PutObjectRetention RestoreObject',
  'GetObject GetObjectAcl GetObjectLegalHold GetObjectRetention GetObjectTorrent GetObjectVersion GetObjectVersionAcl ' +
    'GetObjectVersionForReplication GetObjectVersionTorrent ListBucket ListBucketMultipartUploads ListBucketVersions ' +
    'ListMultipartUploadParts',
  ['', '/*'],
);
const CALL = using('lambda', 'InvokeAsync InvokeFunction');
const PUBLISH = using('sns', 'Publish');
const BUS = using('events', 'PutEvents');
const START = using('states', 'StartExecution');

const execution = ({ destination }: Ends): JsonObject =>
  here('states', 'execution:${Name}:*', { Name: destination.name });
const RULE = here('events', 'rule/StepFunctionsGetEventsForStepFunctionsExecutionRule');

const STATE_MACHINE: ConnectorProfile = {
  kind: 'role',
  holder: 'source',
  grants: {
    Write: (ends) => [
      allow(actions('states', 'StartExecution StartSyncExecution'), [ends.destination.arn]),
      allow(actions('states', 'StopExecution'), [execution(ends)]),
    ],
    Read: (ends) => [
      allow(actions('states', 'DescribeStateMachine ListExecutions'), [ends.destination.arn]),
      allow(actions('states', 'DescribeExecution DescribeStateMachineForExecution GetExecutionHistory'), [
        execution(ends),
      ]),
    ],
  },
};

const NESTED_STATE_MACHINE: ConnectorProfile = {
  kind: 'role',
  holder: 'source',
  grants: {
    Read: (ends) => [
      allow(actions('states', 'DescribeExecution'), [execution(ends)]),
      allow(actions('events', 'DescribeRule'), [RULE]),
    ],
    Write: (ends) => [
      allow(actions('states', 'StartExecution'), [ends.destination.arn]),
      allow(actions('states', 'StopExecution'), [execution(ends)]),
      allow(actions('events', 'PutTargets PutRule'), [RULE]),
    ],
  },
};

const FROM_TABLE: ConnectorProfile = {
  kind: 'role',
  holder: 'destination',
  grants: {
    Read: ({ source }) => [
      allow(actions('dynamodb', 'DescribeStream GetRecords GetShardIterator ListStreams'), [
        below(source.arn, '/stream/*'),
      ]),
    ],
  },
};

const FROM_QUEUE: ConnectorProfile = {
  kind: 'role',
  holder: 'destination',
  grants: {
    Write: ({ source }) => [allow(actions('sqs', 'DeleteMessage'), [source.arn])],
    Read: ({ source }) => [allow(actions('sqs', 'ReceiveMessage GetQueueAttributes'), [source.arn])],
  },
};

/**
 * What connectors create, by the types of their ends.
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/reference-sam-connector.html
 */
export const CONNECTOR_PROFILES: Readonly<Record<string, Readonly<Record<string, ConnectorProfile>>>> = {
  'AWS::DynamoDB::Table': { 'AWS::Lambda::Function': FROM_TABLE },
  'AWS::SQS::Queue': { 'AWS::Lambda::Function': FROM_QUEUE },
  'AWS::Events::Rule': {
    'AWS::SNS::Topic': sending('topic', 'events.amazonaws.com', CALLS.topic.required),
    'AWS::SQS::Queue': sending('queue', 'events.amazonaws.com', CALLS.queue.required),
    'AWS::Events::EventBus': BUS,
    'AWS::StepFunctions::StateMachine': START,
    'AWS::Lambda::Function': calling('events.amazonaws.com', ofArn),
  },
  'AWS::Lambda::Function': {
    'AWS::Lambda::Function': CALL,
    'AWS::S3::Bucket': BUCKET,
    'AWS::DynamoDB::Table': TABLE,
    'AWS::SQS::Queue': using(
      'sqs',
      'DeleteMessage SendMessage ChangeMessageVisibility PurgeQueue',
      'ReceiveMessage GetQueueAttributes',
    ),
    'AWS::SNS::Topic': PUBLISH,
    'AWS::StepFunctions::StateMachine': STATE_MACHINE,
    'AWS::Events::EventBus': BUS,
    'AWS::Location::PlaceIndex': using(
      'geo',
      '',
      'DescribePlaceIndex GetPlace SearchPlaceIndexForPosition SearchPlaceIndexForSuggestions SearchPlaceIndexForText',
    ),
  },
  'AWS::ApiGatewayV2::Api': { 'AWS::Lambda::Function': calling('apigateway.amazonaws.com', ofApi) },
  'AWS::ApiGateway::RestApi': { 'AWS::Lambda::Function': calling('apigateway.amazonaws.com', ofApi) },
  'AWS::SNS::Topic': {
    'AWS::SQS::Queue': sending('queue', 'sns.amazonaws.com', CALLS.queue.required),
    'AWS::Lambda::Function': calling('sns.amazonaws.com', ofArn),
  },
  'AWS::S3::Bucket': {
    'AWS::Lambda::Function': calling('s3.amazonaws.com', (ends) => ({
      ...ofArn(ends),
      SourceAccount: sub('${AWS::AccountId}'),
    })),
  },
  'AWS::StepFunctions::StateMachine': {
    'AWS::Lambda::Function': CALL,
    'AWS::SNS::Topic': PUBLISH,
    'AWS::SQS::Queue': using('sqs', 'SendMessage'),
    'AWS::S3::Bucket': BUCKET,
    'AWS::DynamoDB::Table': TABLE,
    'AWS::StepFunctions::StateMachine': NESTED_STATE_MACHINE,
    'AWS::Events::EventBus': BUS,
  },
  'AWS::AppSync::DataSource': {
    'AWS::DynamoDB::Table': TABLE,
    'AWS::Lambda::Function': using('lambda', 'InvokeAsync InvokeFunction', undefined, ['', ':*']),
    'AWS::Events::EventBus': BUS,
  },
  'AWS::AppSync::GraphQLApi': {
    'AWS::Lambda::Function': calling('appsync.amazonaws.com', ({ source }) => ({
      SourceArn: here('appsync', 'apis/${Api}', { Api: source.resourceId }),
    })),
  },
};
