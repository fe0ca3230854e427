/** How a resource of Pulumi's AWS provider reads as the CloudFormation resource that it is. */
export interface AwsType {
  readonly type: string;
  /**
   * Inputs whose CloudFormation name is not the same with a capital first letter: from and to, dotted where they stand
   * deeper. What is below is capitalised by itself.
   */
  readonly renamed?: Readonly<Record<string, string>>;
  /** Inputs (by their CloudFormation name) that hold JSON as text where CloudFormation has an object. */
  readonly json?: readonly string[];
  /** Inputs (by their CloudFormation name) whose names inside are the user's. */
  readonly verbatim?: readonly string[];
  /** Inputs (by their CloudFormation name) that are one value where CloudFormation has a list. */
  readonly listed?: readonly string[];
  /** Outputs that are not the attribute of the same name with a capital; `''` is what `Ref` gives. */
  readonly outputs?: Readonly<Record<string, string>>;
}

const NAME_IS_REF = { id: '', name: '' };

/** By the type token of the provider; its generations of one type (`Bucket`, `BucketV2`) read the same. */
export const AWS_TYPES: Readonly<Record<string, AwsType>> = {
  'aws:lambda/function:Function': {
    type: 'AWS::Lambda::Function',
    renamed: {
      name: 'FunctionName',
      imageUri: 'Code.ImageUri',
      s3Bucket: 'Code.S3Bucket',
      s3Key: 'Code.S3Key',
    },
    verbatim: ['Environment.Variables'],
    outputs: { ...NAME_IS_REF, invokeArn: 'Arn' },
  },
  'aws:lambda/alias:Alias': { type: 'AWS::Lambda::Alias', outputs: { id: '', arn: '', invokeArn: '' } },
  'aws:lambda/permission:Permission': {
    type: 'AWS::Lambda::Permission',
    renamed: { function: 'FunctionName', principalOrgId: 'PrincipalOrgID' },
    outputs: { id: '' },
  },
  'aws:lambda/eventSourceMapping:EventSourceMapping': {
    type: 'AWS::Lambda::EventSourceMapping',
    renamed: {
      'destinationConfig.onFailure.destinationArn': 'DestinationConfig.OnFailure.Destination',
    },
    outputs: { id: '' },
  },
  'aws:lambda/functionUrl:FunctionUrl': {
    type: 'AWS::Lambda::Url',
    renamed: { functionName: 'TargetFunctionArn', authorizationType: 'AuthType' },
  },
  'aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig': {
    type: 'AWS::Lambda::EventInvokeConfig',
  },
  'aws:sqs/queue:Queue': {
    type: 'AWS::SQS::Queue',
    renamed: {
      name: 'QueueName',
      visibilityTimeoutSeconds: 'VisibilityTimeout',
      messageRetentionSeconds: 'MessageRetentionPeriod',
      maxMessageSize: 'MaximumMessageSize',
      receiveWaitTimeSeconds: 'ReceiveMessageWaitTimeSeconds',
    },
    json: ['RedrivePolicy', 'RedriveAllowPolicy'],
    outputs: { id: '', url: '', name: 'QueueName' },
  },
  'aws:sqs/queuePolicy:QueuePolicy': {
    type: 'AWS::SQS::QueuePolicy',
    renamed: { queueUrl: 'Queues', policy: 'PolicyDocument' },
    json: ['PolicyDocument'],
    listed: ['Queues'],
  },
  'aws:sns/topic:Topic': {
    type: 'AWS::SNS::Topic',
    renamed: { name: 'TopicName' },
    outputs: { id: '', arn: '', name: 'TopicName' },
  },
  'aws:sns/topicPolicy:TopicPolicy': {
    type: 'AWS::SNS::TopicPolicy',
    renamed: { arn: 'Topics', policy: 'PolicyDocument' },
    json: ['PolicyDocument'],
    listed: ['Topics'],
  },
  'aws:sns/topicSubscription:TopicSubscription': {
    type: 'AWS::SNS::Subscription',
    renamed: { topic: 'TopicArn' },
    json: ['RedrivePolicy', 'FilterPolicy'],
  },
  'aws:dynamodb/table:Table': {
    type: 'AWS::DynamoDB::Table',
    renamed: {
      name: 'TableName',
      'pointInTimeRecovery.enabled': 'PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled',
      'serverSideEncryption.enabled': 'SSESpecification.SSEEnabled',
      'serverSideEncryption.kmsKeyArn': 'SSESpecification.KMSMasterKeyId',
      'ttl.attributeName': 'TimeToLiveSpecification.AttributeName',
      'ttl.enabled': 'TimeToLiveSpecification.Enabled',
      streamViewType: 'StreamSpecification.StreamViewType',
      readCapacity: 'ProvisionedThroughput.ReadCapacityUnits',
      writeCapacity: 'ProvisionedThroughput.WriteCapacityUnits',
    },
    outputs: { ...NAME_IS_REF, streamArn: 'StreamArn' },
  },
  'aws:kinesis/stream:Stream': {
    type: 'AWS::Kinesis::Stream',
    renamed: {
      retentionPeriod: 'RetentionPeriodHours',
      encryptionType: 'StreamEncryption.EncryptionType',
      kmsKeyId: 'StreamEncryption.KeyId',
    },
    outputs: { id: '', name: '' },
  },
  'aws:iam/role:Role': {
    type: 'AWS::IAM::Role',
    renamed: {
      name: 'RoleName',
      assumeRolePolicy: 'AssumeRolePolicyDocument',
      inlinePolicies: 'Policies',
    },
    json: ['AssumeRolePolicyDocument', 'Policies.PolicyDocument'],
    outputs: NAME_IS_REF,
  },
  'aws:iam/rolePolicy:RolePolicy': {
    type: 'AWS::IAM::Policy',
    renamed: { name: 'PolicyName', policy: 'PolicyDocument', role: 'Roles' },
    json: ['PolicyDocument'],
    listed: ['Roles'],
  },
  'aws:iam/policy:Policy': {
    type: 'AWS::IAM::ManagedPolicy',
    renamed: { name: 'ManagedPolicyName', policy: 'PolicyDocument' },
    json: ['PolicyDocument'],
    outputs: { id: '', arn: '' },
  },
  'aws:s3/bucket:Bucket': {
    type: 'AWS::S3::Bucket',
    renamed: { bucket: 'BucketName' },
    outputs: { id: '', bucket: '' },
  },
  'aws:s3/bucketPolicy:BucketPolicy': {
    type: 'AWS::S3::BucketPolicy',
    renamed: { policy: 'PolicyDocument' },
    json: ['PolicyDocument'],
  },
  'aws:cloudwatch/logGroup:LogGroup': {
    type: 'AWS::Logs::LogGroup',
    renamed: { name: 'LogGroupName', kmsKeyId: 'KmsKeyId' },
    outputs: NAME_IS_REF,
  },
  'aws:cloudwatch/eventBus:EventBus': { type: 'AWS::Events::EventBus', outputs: NAME_IS_REF },
  'aws:cloudwatch/eventRule:EventRule': {
    type: 'AWS::Events::Rule',
    json: ['EventPattern'],
    outputs: NAME_IS_REF,
  },
  'aws:kms/key:Key': {
    type: 'AWS::KMS::Key',
    renamed: { policy: 'KeyPolicy' },
    json: ['KeyPolicy'],
    outputs: { id: '', keyId: '' },
  },
  'aws:secretsmanager/secret:Secret': { type: 'AWS::SecretsManager::Secret', outputs: { id: '', arn: '' } },
  'aws:sfn/stateMachine:StateMachine': {
    type: 'AWS::StepFunctions::StateMachine',
    renamed: { name: 'StateMachineName', definition: 'DefinitionString', type: 'StateMachineType' },
    outputs: { id: '', arn: '', name: 'Name' },
  },
  'aws:scheduler/schedule:Schedule': {
    type: 'AWS::Scheduler::Schedule',
    outputs: NAME_IS_REF,
  },
  'aws:apigatewayv2/api:Api': { type: 'AWS::ApiGatewayV2::Api', outputs: { id: '' } },
  'aws:apigatewayv2/route:Route': { type: 'AWS::ApiGatewayV2::Route', outputs: { id: '' } },
  'aws:apigatewayv2/integration:Integration': {
    type: 'AWS::ApiGatewayV2::Integration',
    renamed: { timeoutMilliseconds: 'TimeoutInMillis' },
    outputs: { id: '' },
  },
  'aws:apigatewayv2/stage:Stage': { type: 'AWS::ApiGatewayV2::Stage', outputs: { id: '' } },
};

/** The mapping of a type token; older and newer generations of a type share one. */
export function awsType(token: string): AwsType | undefined {
  const known = [token, token.replace(/V2(?=:|$)/g, '')].find((name) => Object.hasOwn(AWS_TYPES, name));
  return known === undefined ? undefined : AWS_TYPES[known];
}
