/** What an app is made of, by the types of its resources. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  rest: ['AWS::ApiGateway::RestApi'],
  http: ['AWS::ApiGatewayV2::Api'],
  queue: ['AWS::SQS::Queue'],
  table: ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'],
  bucket: ['AWS::S3::Bucket'],
  topic: ['AWS::SNS::Topic'],
  rule: ['AWS::Events::Rule'],
  schedule: ['AWS::Scheduler::Schedule'],
  stream: ['AWS::Kinesis::Stream'],
  'event-source': ['AWS::Lambda::EventSourceMapping'],
  machine: ['AWS::StepFunctions::StateMachine'],
  url: ['AWS::Lambda::Url'],
  pipe: ['AWS::Pipes::Pipe'],
  secret: ['AWS::SecretsManager::Secret'],
  parameter: ['AWS::SSM::Parameter'],
  authorizer: ['AWS::ApiGateway::Authorizer', 'AWS::ApiGatewayV2::Authorizer'],
  layer: ['AWS::Lambda::LayerVersion'],
  alias: ['AWS::Lambda::Alias'],
  database: ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance'],
  users: ['AWS::Cognito::UserPool'],
  graphql: ['AWS::AppSync::GraphQLApi'],
  container: ['AWS::ECS::Service', 'AWS::EC2::Instance'],
};

/** The kinds that occur among some types. */
export function kindsOf(types: Iterable<string>): readonly string[] {
  const known = new Set(types);
  return Object.entries(KINDS)
    .filter(([, wanted]) => wanted.some((type) => known.has(type)))
    .map(([kind]) => kind);
}

/** Types that nothing of an app's own code is called by or calls: networks, delivery, operation; pools whose tokens the run signs. */
const SURROUNDINGS =
  /\((AWS::(EC2|Logs|CloudWatch|Route53|CertificateManager|CodePipeline|CodeBuild|CodeCommit|CodeDeploy|CloudTrail|WAFv2|Backup|Budgets|XRay|ApplicationAutoScaling|Cognito)::\w+|AWS::IAM::InstanceProfile|Custom::(LogRetention|VpcRestrictDefaultSG|S3AutoDeleteObjects|CloudwatchLogResourcePolicy))\)/;

/** Functions that CDK adds to a stack for its own custom resources. */
const CDK_HELPERS =
  /\/(BucketNotificationsHandler[0-9a-f]{32}|Custom::\w+|LogRetention[0-9a-f]{32}|AWS[0-9a-f]{32}|[^/]*CustomResourceProvider|framework-on\w+|DrainECSHook\/Function)(\/[^/]+)* \(AWS::Lambda::Function\)/;

/** Whether a line about something that is not run is about surroundings. */
export function isSurroundings(notRun: string): boolean {
  return SURROUNDINGS.test(notRun) || CDK_HELPERS.test(notRun);
}
