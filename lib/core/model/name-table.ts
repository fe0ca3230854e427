import { tableOf } from '../table';
/**
 * What CloudFormation gives for `Ref` and `Fn::GetAtt`, by type. Texts hold placeholders: `{partition}`, `{region}`,
 * `{account}`, `{suffix}` (of URLs), `{name}` (the physical name), `{id}` (stands for one that the service makes up),
 * `{ref}` and `{Attribute}` (of the same resource), `{prop:X}` (a property as text) and `{arn:X}` (the ARN of what a
 * property names), `{machine}` (the ARN of the state machine that an alias leads to).
 */
export interface TypeNames {
  /** The property that holds the physical name. */
  readonly name?: string;
  /**
   * What `Ref` gives.
   * @default '{name}'
   */
  readonly ref?: string;
  /** What `Fn::GetAtt` gives, by attribute. `Arn` is the resource's ARN, also where the type has no such attribute. */
  readonly attributes: Readonly<Record<string, string>>;
  /** What the service asks of a name that CloudFormation makes up. */
  readonly made?: {
    /** The greatest length. */
    readonly max: number;
    /** Only lower case. */
    readonly lower?: boolean;
  };
}

/** The ARN of a resource of a service: `arn('sqs', '{name}')`. */
function arn(service: string, resource: string): string {
  return `arn:{partition}:${service}:{region}:{account}:${resource}`;
}

const iam = (kind: string, property: string): TypeNames => ({
  name: property,
  attributes: {
    Arn: `arn:{partition}:iam::{account}:${kind}{prop:Path}{name}`,
    [`${property.slice(0, -4)}Id`]: '{id}',
  },
  made: { max: 64 },
});

/** What follows a table's ARN in that of its stream, whose time the service makes up. */
export const STREAM = '/stream/2024-01-01T00:00:00.000';

const dynamodb: TypeNames = {
  name: 'TableName',
  attributes: {
    Arn: arn('dynamodb', 'table/{name}'),
    StreamArn: `{Arn}${STREAM}`,
    TableId: '{id}',
  },
};

const database = (kind: string, prefix: string): TypeNames => ({
  name: `DB${prefix}Identifier`,
  attributes: {
    Arn: arn('rds', `${kind}:{name}`),
    [`DB${prefix}Arn`]: '{Arn}',
    'Endpoint.Address': `{name}.${kind}-{id}.{region}.rds.{suffix}`,
    'Endpoint.Port': '{port}',
    'ReadEndpoint.Address': `{name}.${kind}-ro-{id}.{region}.rds.{suffix}`,
    'MasterUserSecret.SecretArn': arn('secretsmanager', 'secret:rds!{name}-{id}'),
    DBClusterResourceId: 'cluster-{id}',
    DbiResourceId: 'db-{id}',
  },
  made: { max: 63, lower: true },
});

const domain: TypeNames = {
  name: 'DomainName',
  attributes: { Arn: arn('es', 'domain/{name}'), DomainArn: '{Arn}' },
  made: { max: 28, lower: true },
};

const ec2 = (kind: string, prefix: string, attribute: string): TypeNames => ({
  ref: `${prefix}-{id}`,
  attributes: { Arn: arn('ec2', `${kind}/{ref}`), [attribute]: '{ref}' },
});

/**
 * The types that serverless stacks use.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
 */
export const NAME_TABLE = tableOf<TypeNames>({
  'AWS::Backup::BackupVault': {
    name: 'BackupVaultName',
    ref: '{name}',
    attributes: { Arn: arn('backup', 'backup-vault:{name}'), BackupVaultArn: '{Arn}', BackupVaultName: '{name}' },
  },
  'AWS::ECR::Repository': {
    name: 'RepositoryName',
    attributes: {
      Arn: arn('ecr', 'repository/{name}'),
      RepositoryUri: '{account}.dkr.ecr.{region}.{suffix}/{name}',
    },
    made: { max: 256, lower: true },
  },
  'AWS::EFS::FileSystem': {
    ref: 'fs-{id}',
    attributes: { Arn: arn('elasticfilesystem', 'file-system/{ref}'), FileSystemId: '{ref}' },
  },
  'AWS::Elasticsearch::Domain': domain,
  'AWS::IoT::Policy': { name: 'PolicyName', attributes: { Arn: arn('iot', 'policy/{name}'), Id: '{name}' } },
  'AWS::KMS::ReplicaKey': { ref: '{uuid}', attributes: { Arn: arn('kms', 'key/{ref}'), KeyId: '{ref}' } },
  'AWS::Logs::Destination': { name: 'DestinationName', attributes: { Arn: arn('logs', 'destination:{name}') } },
  'AWS::MSK::Cluster': { ref: '{Arn}', attributes: { Arn: arn('kafka', 'cluster/{prop:ClusterName}/{uuid}') } },
  'AWS::OpenSearchService::Domain': domain,
  'AWS::SSO::PermissionSet': {
    ref: '{Arn}',
    attributes: { Arn: 'arn:{partition}:sso:::permissionSet/{id}', PermissionSetArn: '{Arn}' },
  },
  'AWS::ApiGateway::ApiKey': { ref: '{id}', attributes: { Arn: restApi('/apikeys/{id}'), APIKeyId: '{id}' } },
  'AWS::ApiGateway::Authorizer': { ref: '{id}', attributes: { AuthorizerId: '{id}' } },
  'AWS::ApiGateway::Deployment': { ref: '{id}', attributes: { DeploymentId: '{id}' } },
  'AWS::ApiGateway::Resource': { ref: '{id}', attributes: { ResourceId: '{id}' } },
  'AWS::ApiGateway::RestApi': {
    ref: '{id}',
    attributes: {
      Arn: arn('execute-api', '{id}'),
      RestApiId: '{id}',
      RootResourceId: '{id}root',
    },
  },
  'AWS::ApiGateway::Stage': {
    name: 'StageName',
    attributes: { Arn: restApi('/restapis/{prop:RestApiId}/stages/{name}') },
  },
  'AWS::ApiGateway::UsagePlan': { ref: '{id}', attributes: { Arn: restApi('/usageplans/{id}'), Id: '{id}' } },
  'AWS::ApiGatewayV2::Api': {
    ref: '{id}',
    attributes: {
      Arn: arn('execute-api', '{id}'),
      ApiId: '{id}',
      ApiEndpoint: '{scheme}://{id}.execute-api.{region}.{suffix}',
    },
  },
  'AWS::ApiGatewayV2::Authorizer': { ref: '{id}', attributes: { AuthorizerId: '{id}' } },
  'AWS::ApiGatewayV2::Integration': { ref: '{id}', attributes: { IntegrationId: '{id}' } },
  'AWS::ApiGatewayV2::Route': { ref: '{id}', attributes: { RouteId: '{id}' } },
  'AWS::ApiGatewayV2::Stage': { name: 'StageName', attributes: { Arn: restApi('/apis/{prop:ApiId}/stages/{name}') } },
  'AWS::AppSync::GraphQLApi': {
    ref: '{Arn}',
    attributes: {
      Arn: arn('appsync', 'apis/{id}'),
      ApiId: '{id}',
      GraphQLUrl: 'https://{id}.appsync-api.{region}.{suffix}/graphql',
    },
  },
  'AWS::CertificateManager::Certificate': { ref: '{Arn}', attributes: { Arn: arn('acm', 'certificate/{id}') } },
  'AWS::CloudWatch::Alarm': { name: 'AlarmName', attributes: { Arn: arn('cloudwatch', 'alarm:{name}') } },
  'AWS::Cognito::IdentityPool': {
    ref: '{region}:{id}',
    attributes: { Arn: arn('cognito-identity', 'identitypool/{ref}'), Id: '{ref}', Name: '{prop:IdentityPoolName}' },
  },
  'AWS::Cognito::UserPool': {
    ref: '{region}_{id}',
    attributes: {
      Arn: arn('cognito-idp', 'userpool/{ref}'),
      UserPoolId: '{ref}',
      ProviderName: 'cognito-idp.{region}.{suffix}/{ref}',
      ProviderURL: 'https://cognito-idp.{region}.{suffix}/{ref}',
    },
  },
  'AWS::Cognito::UserPoolClient': { ref: '{id}', attributes: { ClientId: '{id}', Name: '{prop:ClientName}' } },
  'AWS::DynamoDB::GlobalTable': dynamodb,
  'AWS::DynamoDB::Table': dynamodb,
  'AWS::EC2::SecurityGroup': {
    ref: 'sg-{id}',
    attributes: { Arn: arn('ec2', 'security-group/{ref}'), GroupId: '{ref}', Id: '{ref}', VpcId: '{prop:VpcId}' },
  },
  'AWS::EC2::InternetGateway': ec2('internet-gateway', 'igw', 'InternetGatewayId'),
  'AWS::EC2::NatGateway': ec2('natgateway', 'nat', 'NatGatewayId'),
  'AWS::EC2::RouteTable': ec2('route-table', 'rtb', 'RouteTableId'),
  'AWS::EC2::Subnet': ec2('subnet', 'subnet', 'SubnetId'),
  'AWS::EC2::VPC': {
    ref: 'vpc-{id}',
    attributes: {
      Arn: arn('ec2', 'vpc/{ref}'),
      VpcId: '{ref}',
      CidrBlock: '{prop:CidrBlock}',
      DefaultSecurityGroup: 'sg-{id}',
    },
  },
  'AWS::EC2::VPCEndpoint': ec2('vpc-endpoint', 'vpce', 'Id'),
  'AWS::Events::ApiDestination': {
    name: 'Name',
    attributes: {
      Arn: arn('events', 'api-destination/{name}/{id}'),
      ArnForPolicy: arn('events', 'api-destination/{name}'),
    },
  },
  'AWS::Events::Archive': {
    name: 'ArchiveName',
    attributes: { Arn: arn('events', 'archive/{name}') },
    made: { max: 48 },
  },
  'AWS::Events::Connection': {
    name: 'Name',
    attributes: {
      Arn: arn('events', 'connection/{name}/{id}'),
      ArnForPolicy: arn('events', 'connection/{name}'),
      SecretArn: arn('secretsmanager', 'secret:events!connection/{name}/{id}'),
    },
    made: { max: 64 },
  },
  'AWS::Events::EventBus': { name: 'Name', attributes: { Arn: arn('events', 'event-bus/{name}'), Name: '{name}' } },
  'AWS::Events::Rule': { name: 'Name', attributes: { Arn: arn('events', 'rule/{bus}{name}') }, made: { max: 64 } },
  'AWS::IAM::Group': iam('group', 'GroupName'),
  'AWS::IAM::InstanceProfile': iam('instance-profile', 'InstanceProfileName'),
  'AWS::IAM::ManagedPolicy': {
    name: 'ManagedPolicyName',
    ref: '{Arn}',
    attributes: {
      Arn: 'arn:{partition}:iam::{account}:policy{prop:Path}{name}',
      PolicyArn: '{Arn}',
      PolicyId: '{id}',
    },
  },
  'AWS::IAM::Policy': { name: 'PolicyName', attributes: { Id: '{id}' } },
  'AWS::IAM::Role': iam('role', 'RoleName'),
  'AWS::IAM::User': iam('user', 'UserName'),
  'AWS::Kinesis::Stream': { name: 'Name', attributes: { Arn: arn('kinesis', 'stream/{name}') } },
  'AWS::Kinesis::StreamConsumer': {
    name: 'ConsumerName',
    ref: '{Arn}',
    attributes: { Arn: '{arn:StreamARN}/consumer/{name}:1704067200', ConsumerARN: '{Arn}', ConsumerName: '{name}' },
  },
  'AWS::KinesisFirehose::DeliveryStream': {
    name: 'DeliveryStreamName',
    attributes: { Arn: arn('firehose', 'deliverystream/{name}') },
    made: { max: 64 },
  },
  'AWS::KMS::Alias': { name: 'AliasName', attributes: { Arn: arn('kms', '{name}') } },
  'AWS::KMS::Key': { ref: '{uuid}', attributes: { Arn: arn('kms', 'key/{ref}'), KeyId: '{ref}' } },
  'AWS::Lambda::Alias': {
    name: 'Name',
    ref: '{Arn}',
    attributes: { Arn: '{arn:FunctionName}:{name}', AliasArn: '{Arn}' },
  },
  'AWS::Lambda::CodeSigningConfig': {
    ref: '{Arn}',
    attributes: { Arn: arn('lambda', 'code-signing-config:csc-{id}'), CodeSigningConfigArn: '{Arn}' },
  },
  'AWS::Lambda::EventSourceMapping': {
    ref: '{uuid}',
    attributes: { Arn: arn('lambda', 'event-source-mapping:{ref}'), Id: '{ref}', EventSourceMappingArn: '{Arn}' },
  },
  'AWS::Lambda::Function': {
    name: 'FunctionName',
    attributes: { Arn: arn('lambda', 'function:{name}') },
    made: { max: 64 },
  },
  'AWS::Lambda::LayerVersion': {
    name: 'LayerName',
    ref: '{Arn}',
    attributes: { Arn: arn('lambda', 'layer:{name}:1'), LayerVersionArn: '{Arn}' },
  },
  'AWS::Lambda::Url': {
    ref: '{FunctionArn}',
    attributes: {
      FunctionArn: '{arn:TargetFunctionArn}',
      FunctionUrl: 'https://{id}.lambda-url.{region}.on.aws/',
    },
  },
  'AWS::Lambda::Version': {
    ref: '{Arn}',
    attributes: { Arn: '{arn:FunctionName}:{Version}', FunctionArn: '{Arn}', Version: '1' },
  },
  'AWS::Logs::LogGroup': { name: 'LogGroupName', attributes: { Arn: arn('logs', 'log-group:{name}:*') } },
  'AWS::Pipes::Pipe': { name: 'Name', attributes: { Arn: arn('pipes', 'pipe/{name}') }, made: { max: 64 } },
  'AWS::RDS::DBCluster': database('cluster', 'Cluster'),
  'AWS::RDS::DBInstance': database('db', 'Instance'),
  'AWS::RDS::DBProxy': {
    name: 'DBProxyName',
    attributes: {
      Arn: arn('rds', 'db-proxy:prx-{id}'),
      DBProxyArn: '{Arn}',
      Endpoint: '{name}.proxy-{id}.{region}.rds.{suffix}',
    },
    made: { max: 63, lower: true },
  },
  'AWS::RDS::DBProxyEndpoint': {
    name: 'DBProxyEndpointName',
    attributes: {
      Arn: arn('rds', 'db-proxy-endpoint:prx-endpoint-{id}'),
      DBProxyEndpointArn: '{Arn}',
      Endpoint: '{name}.endpoint.proxy-{id}.{region}.rds.{suffix}',
    },
    made: { max: 63, lower: true },
  },
  'AWS::S3::AccessPoint': {
    name: 'Name',
    attributes: { Arn: arn('s3', 'accesspoint/{name}') },
    made: { max: 50, lower: true },
  },
  'AWS::S3::Bucket': {
    name: 'BucketName',
    attributes: {
      Arn: 'arn:{partition}:s3:::{name}',
      DomainName: '{name}.s3.{suffix}',
      DualStackDomainName: '{name}.s3.dualstack.{region}.{suffix}',
      RegionalDomainName: '{name}.s3.{region}.{suffix}',
      WebsiteURL: 'http://{name}.s3-website-{region}.{suffix}',
    },
    made: { max: 63, lower: true },
  },
  'AWS::Scheduler::Schedule': {
    name: 'Name',
    attributes: { Arn: arn('scheduler', 'schedule/{group}/{name}') },
    made: { max: 64 },
  },
  'AWS::Scheduler::ScheduleGroup': { name: 'Name', attributes: { Arn: arn('scheduler', 'schedule-group/{name}') } },
  'AWS::SecretsManager::Secret': {
    name: 'Name',
    ref: '{Arn}',
    attributes: { Arn: arn('secretsmanager', 'secret:{name}-{suffix6}'), Id: '{Arn}' },
  },
  'AWS::SecretsManager::SecretTargetAttachment': {
    ref: '{arn:SecretId}',
    attributes: { Arn: '{arn:SecretId}', Id: '{arn:SecretId}' },
  },
  'AWS::SNS::Subscription': { ref: '{Arn}', attributes: { Arn: '{arn:TopicArn}:{uuid}' } },
  'AWS::SNS::Topic': {
    name: 'TopicName',
    ref: '{Arn}',
    attributes: { Arn: arn('sns', '{name}'), TopicArn: '{Arn}', TopicName: '{name}' },
  },
  'AWS::SQS::Queue': {
    name: 'QueueName',
    ref: 'https://sqs.{region}.{suffix}/{account}/{name}',
    attributes: { Arn: arn('sqs', '{name}'), QueueName: '{name}', QueueUrl: '{ref}' },
    made: { max: 80 },
  },
  'AWS::SSM::Parameter': {
    name: 'Name',
    attributes: { Arn: arn('ssm', 'parameter{/name}'), Type: '{prop:Type}', Value: '{prop:Value}' },
  },
  'AWS::StepFunctions::Activity': {
    name: 'Name',
    ref: '{Arn}',
    attributes: { Arn: arn('states', 'activity:{name}'), Name: '{name}' },
    made: { max: 80 },
  },
  'AWS::StepFunctions::StateMachine': {
    name: 'StateMachineName',
    ref: '{Arn}',
    attributes: { Arn: arn('states', 'stateMachine:{name}'), Name: '{name}', StateMachineRevisionId: '{uuid}' },
    made: { max: 80 },
  },
  'AWS::StepFunctions::StateMachineAlias': {
    name: 'Name',
    ref: '{Arn}',
    attributes: { Arn: '{machine}:{name}' },
  },
  'AWS::StepFunctions::StateMachineVersion': { ref: '{Arn}', attributes: { Arn: '{arn:StateMachineArn}:1' } },
});

/** API Gateway's own resources have no account in their ARN. */
function restApi(path: string): string {
  return `arn:{partition}:apigateway:{region}::${path}`;
}
