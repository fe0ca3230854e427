/** Where a type of CloudFormation has a policy. */
export interface PolicyPlace {
  /** Where the document stands; `*` is any item of a list. */
  readonly document: string;
  /**
   * The property that names what the policy is for.
   * @default - the resource itself
   */
  readonly target?: string;
  /**
   * The attribute that is the ARN of what the policy is for, where that is a part of the resource.
   * @default - the ARN of the resource
   */
  readonly attribute?: string;
  /** Whether it is a policy of the account, whose statements name their resources. */
  readonly ofAccount?: true;
  /**
   * `trust`: who may assume a role.
   * @default - who may use the resource
   */
  readonly role?: 'trust';
}

/** Where the types of CloudFormation have resource policies. */
export const RESOURCE_POLICIES: Readonly<Record<string, readonly PolicyPlace[]>> = {
  'AWS::ApiGateway::RestApi': [{ document: 'Policy' }],
  'AWS::DynamoDB::GlobalTable': [{ document: 'Replicas.*.ResourcePolicy.PolicyDocument' }],
  'AWS::DynamoDB::Table': [{ document: 'ResourcePolicy.PolicyDocument' }],
  'AWS::ECR::Repository': [{ document: 'RepositoryPolicyText' }],
  'AWS::EFS::FileSystem': [{ document: 'FileSystemPolicy' }],
  'AWS::Events::EventBus': [{ document: 'Policy' }],
  'AWS::IAM::Role': [{ document: 'AssumeRolePolicyDocument', role: 'trust' }],
  'AWS::Kinesis::ResourcePolicy': [{ document: 'ResourcePolicy', target: 'ResourceArn' }],
  'AWS::KMS::Key': [{ document: 'KeyPolicy' }],
  'AWS::KMS::ReplicaKey': [{ document: 'KeyPolicy' }],
  'AWS::Logs::ResourcePolicy': [{ document: 'PolicyDocument', ofAccount: true }],
  'AWS::S3::AccessPoint': [{ document: 'Policy' }],
  'AWS::S3::BucketPolicy': [{ document: 'PolicyDocument', target: 'Bucket' }],
  'AWS::SecretsManager::ResourcePolicy': [{ document: 'ResourcePolicy', target: 'SecretId' }],
  'AWS::SNS::TopicInlinePolicy': [{ document: 'PolicyDocument', target: 'TopicArn' }],
  'AWS::SNS::TopicPolicy': [{ document: 'PolicyDocument', target: 'Topics' }],
  'AWS::SQS::QueueInlinePolicy': [{ document: 'PolicyDocument', target: 'Queue' }],
  'AWS::SQS::QueuePolicy': [{ document: 'PolicyDocument', target: 'Queues' }],
};
