/** What a policy template grants: actions of one service on resources. */
export interface TemplateGrant {
  readonly actions: readonly string[];
  /** The resources; `${Name}` is a parameter of the template. */
  readonly resources: readonly string[];
  /** A condition key and its required value, which may contain parameters. */
  readonly condition?: { readonly key: string; readonly value: string };
}

/** Space-separated actions on resources: `queue` of a service in the region and account, or a full ARN. */
function grant(service: string, names: string, ...resources: string[]): TemplateGrant {
  return { actions: names.split(' ').map((name) => `${service}:${name}`), resources: resources.map(arn) };
}

function when(granted: TemplateGrant, key: string, value: string): TemplateGrant {
  return { ...granted, condition: { key, value: arn(value) } };
}

/** `sqs:${QueueName}` gets the region and account, `s3:::${BucketName}` neither; a parameter may be a full ARN. */
function arn(resource: string): string {
  if (resource === '*' || resource.startsWith('${')) return resource;
  const [service, ...rest] = resource.split(':');
  const global = resource.startsWith(`${service}:::`);
  return global
    ? `arn:\${AWS::Partition}:${resource}`
    : `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${rest.join(':')}`;
}

/**
 * SAM's policy templates.
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-policy-template-list.html
 */
export const POLICY_TEMPLATES: Readonly<Record<string, readonly TemplateGrant[]>> = {
  AMIDescribePolicy: [grant('ec2', 'DescribeImages', '*')],
  AWSSecretsManagerGetSecretValuePolicy: [grant('secretsmanager', 'GetSecretValue', '${SecretArn}')],
  AWSSecretsManagerRotationPolicy: [
    when(
      grant(
        'secretsmanager',
        'DescribeSecret GetSecretValue PutSecretValue UpdateSecretVersionStage',
        'secretsmanager:secret:*',
      ),
      'secretsmanager:resource/AllowRotationLambdaArn',
      'lambda:function:${FunctionName}',
    ),
    grant('secretsmanager', 'GetRandomPassword', '*'),
  ],
  AcmGetCertificatePolicy: [grant('acm', 'GetCertificate', '${CertificateArn}')],
  AthenaQueryPolicy: [
    grant(
      'athena',
      'ListWorkGroups GetExecutionEngine GetExecutionEngines GetNamespace GetCatalogs GetNamespaces GetTables GetTable',
      '*',
    ),
    grant(
      'athena',
      'StartQueryExecution GetQueryResults DeleteNamedQuery GetNamedQuery ListQueryExecutions StopQueryExecution GetQueryResultsStream ListNamedQueries CreateNamedQuery GetQueryExecution BatchGetNamedQuery BatchGetQueryExecution GetWorkGroup',
      'athena:workgroup/${WorkGroupName}',
    ),
  ],
  CloudFormationDescribeStacksPolicy: [grant('cloudformation', 'DescribeStacks', 'cloudformation:stack/*')],
  CloudWatchDashboardPolicy: [grant('cloudwatch', 'GetDashboard ListDashboards PutDashboard ListMetrics', '*')],
  CloudWatchDescribeAlarmHistoryPolicy: [grant('cloudwatch', 'DescribeAlarmHistory', '*')],
  CloudWatchPutMetricPolicy: [grant('cloudwatch', 'PutMetricData', '*')],
  CodeCommitCrudPolicy: [
    grant(
      'codecommit',
      'GitPull GitPush CreateBranch DeleteBranch GetBranch ListBranches MergeBranchesByFastForward MergeBranchesBySquash MergeBranchesByThreeWay UpdateDefaultBranch BatchDescribeMergeConflicts CreateUnreferencedMergeCommit DescribeMergeConflicts GetMergeCommit GetMergeOptions BatchGetPullRequests CreatePullRequest DescribePullRequestEvents GetCommentsForPullRequest GetCommitsFromMergeBase GetMergeConflicts GetPullRequest ListPullRequests MergePullRequestByFastForward MergePullRequestBySquash MergePullRequestByThreeWay PostCommentForPullRequest UpdatePullRequestDescription UpdatePullRequestStatus UpdatePullRequestTitle DeleteFile GetBlob GetFile GetFolder PutFile DeleteCommentContent GetComment GetCommentsForComparedCommit PostCommentForComparedCommit PostCommentReply UpdateComment BatchGetCommits CreateCommit GetCommit GetCommitHistory GetDifferences GetObjectIdentifier GetReferences GetTree GetRepository UpdateRepositoryDescription ListTagsForResource TagResource UntagResource GetRepositoryTriggers PutRepositoryTriggers TestRepositoryTriggers UploadArchive GetUploadArchiveStatus CancelUploadArchive',
      'codecommit:${RepositoryName}',
    ),
  ],
  CodeCommitReadPolicy: [
    grant(
      'codecommit',
      'GitPull GetBranch ListBranches BatchDescribeMergeConflicts DescribeMergeConflicts GetMergeCommit GetMergeOptions BatchGetPullRequests DescribePullRequestEvents GetCommentsForPullRequest GetCommitsFromMergeBase GetMergeConflicts GetPullRequest ListPullRequests GetBlob GetFile GetFolder GetComment GetCommentsForComparedCommit BatchGetCommits GetCommit GetCommitHistory GetDifferences GetObjectIdentifier GetReferences GetTree GetRepository ListTagsForResource GetRepositoryTriggers TestRepositoryTriggers GetUploadArchiveStatus',
      'codecommit:${RepositoryName}',
    ),
  ],
  CodePipelineLambdaExecutionPolicy: [grant('codepipeline', 'PutJobSuccessResult PutJobFailureResult', '*')],
  CodePipelineReadOnlyPolicy: [grant('codepipeline', 'ListPipelineExecutions', 'codepipeline:${PipelineName}')],
  ComprehendBasicAccessPolicy: [
    grant(
      'comprehend',
      'BatchDetectKeyPhrases DetectDominantLanguage DetectEntities BatchDetectEntities DetectKeyPhrases DetectSentiment BatchDetectDominantLanguage BatchDetectSentiment',
      '*',
    ),
  ],
  CostExplorerReadOnlyPolicy: [
    grant(
      'ce',
      'GetCostAndUsage GetDimensionValues GetReservationCoverage GetReservationPurchaseRecommendation GetReservationUtilization GetTags',
      '*',
    ),
  ],
  DynamoDBBackupFullAccessPolicy: [
    grant('dynamodb', 'CreateBackup DescribeContinuousBackups', 'dynamodb:table/${TableName}'),
    grant('dynamodb', 'DeleteBackup DescribeBackup ListBackups', 'dynamodb:table/${TableName}/backup/*'),
  ],
  DynamoDBCrudPolicy: [
    grant(
      'dynamodb',
      'GetItem DeleteItem PutItem Scan Query UpdateItem BatchWriteItem BatchGetItem DescribeTable ConditionCheckItem',
      'dynamodb:table/${TableName}',
      'dynamodb:table/${TableName}/index/*',
    ),
  ],
  DynamoDBReadPolicy: [
    grant(
      'dynamodb',
      'GetItem Scan Query BatchGetItem DescribeTable',
      'dynamodb:table/${TableName}',
      'dynamodb:table/${TableName}/index/*',
    ),
  ],
  DynamoDBReconfigurePolicy: [grant('dynamodb', 'UpdateTable', 'dynamodb:table/${TableName}')],
  DynamoDBRestoreFromBackupPolicy: [
    grant('dynamodb', 'RestoreTableFromBackup', 'dynamodb:table/${TableName}/backup/*'),
    grant('dynamodb', 'PutItem UpdateItem DeleteItem GetItem Query Scan BatchWriteItem', 'dynamodb:table/${TableName}'),
  ],
  DynamoDBStreamReadPolicy: [
    grant('dynamodb', 'DescribeStream GetRecords GetShardIterator', 'dynamodb:table/${TableName}/stream/${StreamName}'),
    grant('dynamodb', 'ListStreams', 'dynamodb:table/${TableName}/stream/*'),
  ],
  DynamoDBWritePolicy: [
    grant(
      'dynamodb',
      'PutItem UpdateItem BatchWriteItem',
      'dynamodb:table/${TableName}',
      'dynamodb:table/${TableName}/index/*',
    ),
  ],
  EC2CopyImagePolicy: [grant('ec2', 'CopyImage', 'ec2:image/${ImageId}')],
  EC2DescribePolicy: [grant('ec2', 'DescribeRegions DescribeInstances', '*')],
  EFSWriteAccessPolicy: [
    when(
      grant('elasticfilesystem', 'ClientMount ClientWrite', 'elasticfilesystem:file-system/${FileSystem}'),
      'elasticfilesystem:AccessPointArn',
      'elasticfilesystem:access-point/${AccessPoint}',
    ),
  ],
  EKSDescribePolicy: [grant('eks', 'DescribeCluster ListClusters', '*')],
  EcsRunTaskPolicy: [grant('ecs', 'RunTask', 'ecs:task-definition/${TaskDefinition}')],
  ElasticMapReduceAddJobFlowStepsPolicy: [
    grant('elasticmapreduce', 'AddJobFlowSteps', 'elasticmapreduce:cluster/${ClusterId}'),
  ],
  ElasticMapReduceCancelStepsPolicy: [
    grant('elasticmapreduce', 'CancelSteps', 'elasticmapreduce:cluster/${ClusterId}'),
  ],
  ElasticMapReduceModifyInstanceFleetPolicy: [
    grant('elasticmapreduce', 'ModifyInstanceFleet ListInstanceFleets', 'elasticmapreduce:cluster/${ClusterId}'),
  ],
  ElasticMapReduceModifyInstanceGroupsPolicy: [
    grant('elasticmapreduce', 'ModifyInstanceGroups ListInstanceGroups', 'elasticmapreduce:cluster/${ClusterId}'),
  ],
  ElasticMapReduceSetTerminationProtectionPolicy: [
    grant('elasticmapreduce', 'SetTerminationProtection', 'elasticmapreduce:cluster/${ClusterId}'),
  ],
  ElasticMapReduceTerminateJobFlowsPolicy: [
    grant('elasticmapreduce', 'TerminateJobFlows', 'elasticmapreduce:cluster/${ClusterId}'),
  ],
  ElasticsearchHttpPostPolicy: [grant('es', 'ESHttpPost ESHttpPut', 'es:domain/${DomainName}/*')],
  EventBridgePutEventsPolicy: [grant('events', 'PutEvents', 'events:event-bus/${EventBusName}')],
  FilterLogEventsPolicy: [grant('logs', 'FilterLogEvents', 'logs:log-group:${LogGroupName}:log-stream:*')],
  FirehoseCrudPolicy: [
    grant(
      'firehose',
      'CreateDeliveryStream DeleteDeliveryStream DescribeDeliveryStream PutRecord PutRecordBatch UpdateDestination',
      'firehose:deliverystream/${DeliveryStreamName}',
    ),
  ],
  FirehoseWritePolicy: [grant('firehose', 'PutRecord PutRecordBatch', 'firehose:deliverystream/${DeliveryStreamName}')],
  KMSDecryptPolicy: [grant('kms', 'Decrypt', 'kms:key/${KeyId}')],
  KMSEncryptPolicy: [grant('kms', 'Encrypt', 'kms:key/${KeyId}')],
  KMSEncryptPolicy_v2: [
    grant(
      'kms',
      'Encrypt GenerateDataKey GenerateDataKeyWithoutPlaintext GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext',
      'kms:key/${KeyId}',
    ),
  ],
  KinesisCrudPolicy: [
    grant(
      'kinesis',
      'AddTagsToStream CreateStream DecreaseStreamRetentionPeriod DeleteStream DescribeStream DescribeStreamSummary GetShardIterator IncreaseStreamRetentionPeriod ListTagsForStream MergeShards PutRecord PutRecords SplitShard RemoveTagsFromStream',
      'kinesis:stream/${StreamName}',
    ),
  ],
  KinesisStreamReadPolicy: [
    grant('kinesis', 'ListStreams DescribeLimits', 'kinesis:stream/*'),
    grant(
      'kinesis',
      'DescribeStream DescribeStreamSummary GetRecords GetShardIterator',
      'kinesis:stream/${StreamName}',
    ),
  ],
  LambdaInvokePolicy: [grant('lambda', 'InvokeFunction', 'lambda:function:${FunctionName}*')],
  MobileAnalyticsWriteOnlyAccessPolicy: [grant('mobileanalytics', 'PutEvents', '*')],
  OrganizationsListAccountsPolicy: [grant('organizations', 'ListAccounts', '*')],
  PinpointEndpointAccessPolicy: [
    grant(
      'mobiletargeting',
      'GetEndpoint UpdateEndpoint UpdateEndpointsBatch',
      'mobiletargeting:apps/${PinpointApplicationId}/endpoints/*',
    ),
  ],
  PollyFullAccessPolicy: [
    grant('polly', 'GetLexicon DeleteLexicon', 'polly:lexicon/${LexiconName}'),
    grant('polly', 'DescribeVoices ListLexicons PutLexicon SynthesizeSpeech', 'polly:lexicon/*'),
  ],
  RekognitionDetectOnlyPolicy: [
    grant('rekognition', 'DetectFaces DetectLabels DetectModerationLabels DetectText', '*'),
  ],
  RekognitionFacesManagementPolicy: [
    grant(
      'rekognition',
      'IndexFaces DeleteFaces SearchFaces SearchFacesByImage ListFaces',
      'rekognition:collection/${CollectionId}',
    ),
  ],
  RekognitionFacesPolicy: [grant('rekognition', 'CompareFaces DetectFaces', '*')],
  RekognitionLabelsPolicy: [grant('rekognition', 'DetectLabels DetectModerationLabels', '*')],
  RekognitionNoDataAccessPolicy: [
    grant(
      'rekognition',
      'CompareFaces DetectFaces DetectLabels DetectModerationLabels',
      'rekognition:collection/${CollectionId}',
    ),
  ],
  RekognitionReadPolicy: [
    grant(
      'rekognition',
      'ListCollections ListFaces SearchFaces SearchFacesByImage',
      'rekognition:collection/${CollectionId}',
    ),
  ],
  RekognitionWriteOnlyAccessPolicy: [
    grant('rekognition', 'CreateCollection IndexFaces', 'rekognition:collection/${CollectionId}'),
  ],
  Route53ChangeResourceRecordSetsPolicy: [
    grant('route53', 'ChangeResourceRecordSets', 'route53:::hostedzone/${HostedZoneId}'),
  ],
  S3CrudPolicy: [
    grant(
      's3',
      'GetObject ListBucket GetBucketLocation GetObjectVersion PutObject PutObjectAcl GetLifecycleConfiguration PutLifecycleConfiguration DeleteObject',
      's3:::${BucketName}',
      's3:::${BucketName}/*',
    ),
  ],
  S3FullAccessPolicy: [
    grant(
      's3',
      'GetObject GetObjectAcl GetObjectVersion PutObject PutObjectAcl DeleteObject DeleteObjectTagging DeleteObjectVersionTagging GetObjectTagging GetObjectVersionTagging PutObjectTagging PutObjectVersionTagging',
      's3:::${BucketName}/*',
    ),
    grant(
      's3',
      'ListBucket GetBucketLocation GetLifecycleConfiguration PutLifecycleConfiguration',
      's3:::${BucketName}',
    ),
  ],
  S3ReadPolicy: [
    grant(
      's3',
      'GetObject ListBucket GetBucketLocation GetObjectVersion GetLifecycleConfiguration',
      's3:::${BucketName}',
      's3:::${BucketName}/*',
    ),
  ],
  S3WritePolicy: [
    grant('s3', 'PutObject PutObjectAcl PutLifecycleConfiguration', 's3:::${BucketName}', 's3:::${BucketName}/*'),
  ],
  SESBulkTemplatedCrudPolicy: [
    grant(
      'ses',
      'GetIdentityVerificationAttributes SendEmail SendRawEmail SendTemplatedEmail SendBulkTemplatedEmail VerifyEmailIdentity',
      'ses:identity/${IdentityName}',
    ),
  ],
  SESBulkTemplatedCrudPolicy_v2: [
    grant(
      'ses',
      'SendEmail SendRawEmail SendTemplatedEmail SendBulkTemplatedEmail',
      'ses:identity/${IdentityName}',
      'ses:template/${TemplateName}',
    ),
    grant('ses', 'GetIdentityVerificationAttributes VerifyEmailIdentity', '*'),
  ],
  SESCrudPolicy: [
    grant(
      'ses',
      'GetIdentityVerificationAttributes SendEmail SendRawEmail VerifyEmailIdentity',
      'ses:identity/${IdentityName}',
    ),
  ],
  SESEmailTemplateCrudPolicy: [
    grant('ses', 'CreateTemplate GetTemplate ListTemplates UpdateTemplate DeleteTemplate TestRenderTemplate', '*'),
  ],
  SESSendBouncePolicy: [grant('ses', 'SendBounce', 'ses:identity/${IdentityName}')],
  SNSCrudPolicy: [
    grant('sns', 'ListSubscriptionsByTopic CreateTopic SetTopicAttributes Subscribe Publish', 'sns:${TopicName}*'),
  ],
  SNSPublishMessagePolicy: [grant('sns', 'Publish', 'sns:${TopicName}')],
  SQSPollerPolicy: [
    grant(
      'sqs',
      'ChangeMessageVisibility ChangeMessageVisibilityBatch DeleteMessage DeleteMessageBatch GetQueueAttributes ReceiveMessage',
      'sqs:${QueueName}',
    ),
  ],
  SQSSendMessagePolicy: [grant('sqs', 'SendMessage*', 'sqs:${QueueName}')],
  SSMParameterReadPolicy: [
    grant('ssm', 'DescribeParameters', '*'),
    grant('ssm', 'GetParameters GetParameter GetParametersByPath', 'ssm:parameter/${ParameterName}'),
  ],
  SSMParameterWithSlashPrefixReadPolicy: [
    grant('ssm', 'DescribeParameters', '*'),
    grant('ssm', 'GetParameters GetParameter GetParametersByPath', 'ssm:parameter${ParameterName}'),
  ],
  SageMakerCreateEndpointConfigPolicy: [
    grant('sagemaker', 'CreateEndpointConfig', 'sagemaker:endpoint-config/${EndpointConfigName}'),
  ],
  SageMakerCreateEndpointPolicy: [grant('sagemaker', 'CreateEndpoint', 'sagemaker:endpoint/${EndpointName}')],
  ServerlessRepoReadWriteAccessPolicy: [
    grant(
      'serverlessrepo',
      'CreateApplication CreateApplicationVersion UpdateApplication GetApplication ListApplications ListApplicationVersions ListApplicationDependencies',
      'serverlessrepo:applications/*',
    ),
  ],
  StepFunctionsCallbackPolicy: [
    grant('states', 'SendTaskFailure SendTaskHeartbeat SendTaskSuccess', 'states:stateMachine:${StateMachineName}'),
  ],
  StepFunctionsExecutionPolicy: [grant('states', 'StartExecution', 'states:stateMachine:${StateMachineName}')],
  StepFunctionsExecutionPolicy_v2: [
    grant('states', 'StartExecution StartSyncExecution', 'states:stateMachine:${StateMachineName}'),
  ],
  TextractDetectAnalyzePolicy: [
    grant('textract', 'DetectDocumentText StartDocumentTextDetection StartDocumentAnalysis AnalyzeDocument', '*'),
  ],
  TextractGetResultPolicy: [grant('textract', 'GetDocumentTextDetection GetDocumentAnalysis', '*')],
  TextractPolicy: [grant('textract', '*', '*')],
  VPCAccessPolicy: [
    grant('ec2', 'CreateNetworkInterface DeleteNetworkInterface DescribeNetworkInterfaces DetachNetworkInterface', '*'),
  ],
};

let lists: ReadonlySet<string> | undefined;

/** Whether actions are those of a SAM policy template: AWS chose them, and a team cannot change them. */
export function areOfPolicyTemplate(actions: readonly string[]): boolean {
  lists ??= new Set(Object.values(POLICY_TEMPLATES).flatMap((all) => all.map((one) => one.actions.join())));
  return lists.has(actions.join());
}
