import { at } from '../../../core/model/select';
import type { Rule } from '../../rule';

/** Properties that only AWS can set, by type. */
const READ_ONLY: Readonly<Record<string, readonly string[]>> = {
  'AWS::ApiGateway::RestApi': ['RestApiId', 'RootResourceId'],
  'AWS::ApiGatewayV2::Api': ['ApiEndpoint', 'ApiId'],
  'AWS::AppSync::GraphQLApi': ['ApiId', 'Arn', 'GraphQLUrl'],
  'AWS::CloudFront::Distribution': ['DomainName', 'Id'],
  'AWS::CloudWatch::Alarm': ['Arn'],
  'AWS::Cognito::UserPool': ['Arn', 'ProviderName', 'ProviderURL', 'UserPoolId'],
  'AWS::DynamoDB::GlobalTable': ['Arn', 'StreamArn', 'TableId'],
  'AWS::DynamoDB::Table': ['Arn', 'StreamArn'],
  'AWS::Events::EventBus': ['Arn'],
  'AWS::Events::Rule': ['Arn'],
  'AWS::IAM::ManagedPolicy': ['PolicyArn', 'PolicyId'],
  'AWS::IAM::Role': ['Arn', 'RoleId'],
  'AWS::IAM::User': ['Arn'],
  'AWS::KMS::Key': ['Arn', 'KeyId'],
  'AWS::Kinesis::Stream': ['Arn', 'StreamId'],
  'AWS::Lambda::Alias': ['AliasArn'],
  'AWS::Lambda::EventSourceMapping': ['EventSourceMappingArn', 'Id'],
  'AWS::Lambda::Function': ['Arn', 'SnapStartResponse'],
  'AWS::Lambda::Url': ['FunctionArn', 'FunctionUrl'],
  'AWS::Lambda::Version': ['FunctionArn', 'Version'],
  'AWS::Logs::LogGroup': ['Arn'],
  'AWS::Pipes::Pipe': ['Arn', 'CreationTime', 'CurrentState'],
  'AWS::S3::Bucket': ['Arn', 'DomainName', 'DualStackDomainName', 'RegionalDomainName', 'WebsiteURL'],
  'AWS::SNS::Subscription': ['Arn'],
  'AWS::SNS::Topic': ['TopicArn'],
  'AWS::SQS::Queue': ['Arn', 'QueueUrl'],
  'AWS::Scheduler::Schedule': ['Arn'],
  'AWS::SecretsManager::Secret': ['Id'],
  'AWS::StepFunctions::StateMachine': ['Arn', 'Name', 'StateMachineRevisionId'],
};

export const readOnlyProperty: Rule = {
  id: 'ReadOnlyProperty',
  severity: 'error',
  title: 'A resource sets no property that only AWS sets',
  why: 'The deployment is rejected otherwise, and CloudFormation’s own validator lets it pass.',
  fix: 'remove it, and read it with Fn::GetAtt',
  source: 'https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html',
  *check(context) {
    for (const [type, names] of Object.entries(READ_ONLY)) {
      for (const resource of context.ofType(type)) {
        for (const property of names) {
          if (at(resource, property) === undefined) continue;
          yield { resource, property, message: `sets ${property}, which only AWS sets`, detail: property };
        }
      }
    }
  },
};
