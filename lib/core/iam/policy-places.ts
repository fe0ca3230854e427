import { tableOf } from '../table';
/** Where a CloudFormation type has a policy. */
export interface PolicyPlace {
  /** The path of the document; `*` is any item of a list. */
  readonly document: string;
  /**
   * The property that names what the policy is for.
   * @default - the resource itself
   */
  readonly target?: string;
  /**
   * The attribute with the ARN of the policy's target, if that is a part of the resource.
   * @default - the ARN of the resource
   */
  readonly attribute?: string;
  /** Whether it is a policy of the account, whose statements name their resources. */
  readonly ofAccount?: true;
  /**
   * `trust`: who may assume a role. `endpoint`: what may pass through an endpoint, which grants nothing by itself.
   * @default - who may use the resource
   */
  readonly role?: 'trust' | 'endpoint';
}

const own = (document: string, more: Omit<PolicyPlace, 'document'> = {}): readonly PolicyPlace[] => [
  { document, ...more },
];
const about = (target: string, document: string): readonly PolicyPlace[] => [{ document, target }];

/**
 * Where CloudFormation types have resource policies.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
 */
export const RESOURCE_POLICIES = tableOf<readonly PolicyPlace[]>({
  'AWS::AIOps::InvestigationGroup': own('InvestigationGroupPolicy'),
  'AWS::APS::ResourcePolicy': about('WorkspaceArn', 'PolicyDocument'),
  'AWS::ApiGateway::DomainName': own('Policy'),
  'AWS::ApiGateway::DomainNameV2': [{ document: 'Policy' }, { document: 'ManagementPolicy' }],
  'AWS::ApiGateway::RestApi': [{ document: 'Policy' }, { document: 'Body.x-amazon-apigateway-policy' }],
  'AWS::Backup::BackupAccessPoint': own('AccessPointPolicy'),
  'AWS::Backup::BackupVault': own('AccessPolicy'),
  'AWS::Backup::LogicallyAirGappedBackupVault': own('AccessPolicy'),
  'AWS::Bedrock::KnowledgeBasePolicy': about('KnowledgeBaseId', 'PolicyDocument'),
  'AWS::Bedrock::ResourcePolicy': about('ResourceArn', 'PolicyDocument'),
  'AWS::BedrockAgentCore::ResourcePolicy': about('ResourceArn', 'Policy'),
  'AWS::CloudTrail::ResourcePolicy': about('ResourceArn', 'ResourcePolicy'),
  'AWS::CodeArtifact::Domain': own('PermissionsPolicyDocument'),
  'AWS::CodeArtifact::Repository': own('PermissionsPolicyDocument'),
  'AWS::Comprehend::DocumentClassifier': own('ModelPolicy'),
  'AWS::Comprehend::EntityRecognizer': own('ModelPolicy'),
  'AWS::DSQL::Cluster': own('PolicyDocument'),
  'AWS::DynamoDB::GlobalTable': [
    { document: 'Replicas.*.ResourcePolicy.PolicyDocument' },
    { document: 'Replicas.*.ReplicaStreamSpecification.ResourcePolicy.PolicyDocument', attribute: 'StreamArn' },
  ],
  'AWS::DynamoDB::Table': [
    { document: 'ResourcePolicy.PolicyDocument' },
    { document: 'StreamSpecification.ResourcePolicy.PolicyDocument', attribute: 'StreamArn' },
  ],
  'AWS::EC2::VPCEndpoint': own('PolicyDocument', { role: 'endpoint' }),
  'AWS::ECR::PublicRepository': own('RepositoryPolicyText'),
  'AWS::ECR::RegistryPolicy': own('PolicyText', { ofAccount: true }),
  'AWS::ECR::Repository': own('RepositoryPolicyText'),
  'AWS::ECR::RepositoryCreationTemplate': own('RepositoryPolicy'),
  'AWS::EFS::FileSystem': own('FileSystemPolicy'),
  'AWS::Elasticsearch::Domain': own('AccessPolicies'),
  'AWS::EventSchemas::RegistryPolicy': about('RegistryName', 'Policy'),
  'AWS::Events::EventBus': own('Policy'),
  'AWS::EventsV2::ResourcePolicy': about('EventBusArn', 'PolicyDocument'),
  'AWS::FSx::S3AccessPointAttachment': own('S3AccessPoint.Policy'),
  'AWS::IAM::Role': own('AssumeRolePolicyDocument', { role: 'trust' }),
  'AWS::KMS::Key': own('KeyPolicy'),
  'AWS::KMS::ReplicaKey': own('KeyPolicy'),
  'AWS::Kinesis::ResourcePolicy': about('ResourceArn', 'ResourcePolicy'),
  'AWS::Lambda::ResourcePolicy': about('ResourceArn', 'PolicyDocument'),
  'AWS::Lex::ResourcePolicy': about('ResourceArn', 'Policy'),
  'AWS::Logs::DeliveryDestination': own('DeliveryDestinationPolicy.DeliveryDestinationPolicy'),
  'AWS::Logs::Destination': own('DestinationPolicy'),
  'AWS::Logs::LogGroup': own('ResourcePolicyDocument'),
  'AWS::Logs::ResourcePolicy': own('PolicyDocument', { ofAccount: true }),
  'AWS::MSK::ClusterPolicy': about('ClusterArn', 'Policy'),
  'AWS::MediaPackageV2::ChannelPolicy': own('Policy'),
  'AWS::MediaPackageV2::OriginEndpointPolicy': own('Policy'),
  'AWS::MediaStore::Container': own('Policy'),
  'AWS::MediaTailor::ChannelPolicy': own('Policy'),
  'AWS::OSIS::Pipeline': own('ResourcePolicy.Policy'),
  'AWS::Oam::Sink': own('Policy'),
  'AWS::Omics::SequenceStore': own('S3AccessPolicy'),
  'AWS::OpenSearchService::Domain': own('AccessPolicies'),
  'AWS::Organizations::ResourcePolicy': own('Content', { ofAccount: true }),
  'AWS::PaymentCryptography::Key': own('Policy'),
  'AWS::RUM::AppMonitor': own('ResourcePolicy.PolicyDocument'),
  'AWS::Redshift::Cluster': own('NamespaceResourcePolicy'),
  'AWS::RedshiftServerless::Namespace': own('NamespaceResourcePolicy'),
  'AWS::S3::AccessPoint': own('Policy'),
  'AWS::S3::BucketPolicy': about('Bucket', 'PolicyDocument'),
  'AWS::S3::MultiRegionAccessPointPolicy': about('MrapName', 'Policy'),
  'AWS::S3Express::AccessPoint': own('Policy'),
  'AWS::S3Express::BucketPolicy': about('Bucket', 'PolicyDocument'),
  'AWS::S3Files::FileSystemPolicy': about('FileSystemId', 'Policy'),
  'AWS::S3ObjectLambda::AccessPointPolicy': about('ObjectLambdaAccessPoint', 'PolicyDocument'),
  'AWS::S3Outposts::AccessPoint': own('Policy'),
  'AWS::S3Outposts::BucketPolicy': about('Bucket', 'PolicyDocument'),
  'AWS::S3Tables::TableBucketPolicy': about('TableBucketARN', 'ResourcePolicy'),
  'AWS::S3Tables::TablePolicy': about('TableARN', 'ResourcePolicy'),
  'AWS::S3Vectors::VectorBucketPolicy': about('VectorBucketArn', 'Policy'),
  'AWS::SMSVOICE::ResourcePolicy': about('ResourceArn', 'PolicyDocument'),
  'AWS::SNS::TopicInlinePolicy': about('TopicArn', 'PolicyDocument'),
  'AWS::SNS::TopicPolicy': about('Topics', 'PolicyDocument'),
  'AWS::SQS::QueueInlinePolicy': about('Queue', 'PolicyDocument'),
  'AWS::SQS::QueuePolicy': about('Queues', 'PolicyDocument'),
  'AWS::SSM::ResourcePolicy': about('ResourceArn', 'Policy'),
  'AWS::SageMaker::ModelPackageGroup': own('ModelPackageGroupPolicy'),
  'AWS::SecretsManager::ResourcePolicy': about('SecretId', 'ResourcePolicy'),
  'AWS::VpcLattice::AuthPolicy': about('ResourceIdentifier', 'Policy'),
  'AWS::VpcLattice::ResourcePolicy': about('ResourceArn', 'Policy'),
  'AWS::XRay::ResourcePolicy': own('PolicyDocument', { ofAccount: true }),
});

/** Where CloudFormation types have identity policies, which say what their holder may do; paths as above. */
export const IDENTITY_POLICIES = tableOf<readonly string[]>({
  'AWS::IAM::Group': ['Policies.*.PolicyDocument'],
  'AWS::IAM::GroupPolicy': ['PolicyDocument'],
  'AWS::IAM::ManagedPolicy': ['PolicyDocument'],
  'AWS::IAM::Policy': ['PolicyDocument'],
  'AWS::IAM::Role': ['Policies.*.PolicyDocument'],
  'AWS::IAM::RolePolicy': ['PolicyDocument'],
  'AWS::IAM::User': ['Policies.*.PolicyDocument'],
  'AWS::IAM::UserPolicy': ['PolicyDocument'],
  'AWS::IoT::Policy': ['PolicyDocument'],
  'AWS::SSO::PermissionSet': ['InlinePolicy'],
});
