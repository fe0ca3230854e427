import { at, isMap } from '../select';
import type { Value } from '../values';
import { type AwsType, NAME_IS_REF } from './aws-type';
import { withDimensions, withState } from './shapes';

/** Functions, their triggers, and state machines. */
export const FUNCTIONS: Readonly<Record<string, AwsType>> = {
  'aws:lambda/function:Function': {
    type: 'AWS::Lambda::Function',
    renamed: {
      name: 'FunctionName',
      imageUri: 'Code.ImageUri',
      s3Bucket: 'Code.S3Bucket',
      s3Key: 'Code.S3Key',
      s3ObjectVersion: 'Code.S3ObjectVersion',
      sourceKmsKeyArn: 'Code.SourceKMSKeyArn',
      fileSystemConfig: 'FileSystemConfigs',
      'imageConfig.commands': 'ImageConfig.Command',
      'imageConfig.entryPoints': 'ImageConfig.EntryPoint',
      'durableConfig.retentionPeriod': 'DurableConfig.RetentionPeriodInDays',
    },
    verbatim: ['Environment.Variables'],
    listed: ['FileSystemConfigs'],
    outputs: { ...NAME_IS_REF, invokeArn: 'Arn' },
  },
  'aws:lambda/functionRecursionConfig:FunctionRecursionConfig': {
    type: 'AWS::Lambda::Function',
    partOf: [{ type: 'AWS::Lambda::Function', by: 'FunctionName', at: 'RecursiveLoop', take: 'RecursiveLoop' }],
  },
  'aws:lambda/alias:Alias': { type: 'AWS::Lambda::Alias', outputs: { id: '', arn: '', invokeArn: '', name: 'Name' } },
  'aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig': {
    type: 'AWS::Lambda::Alias',
    partOf: [
      {
        type: 'AWS::Lambda::Alias',
        by: 'Qualifier',
        at: 'ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions',
        take: 'ProvisionedConcurrentExecutions',
      },
    ],
  },
  'aws:lambda/permission:Permission': {
    type: 'AWS::Lambda::Permission',
    renamed: { function: 'FunctionName', principalOrgId: 'PrincipalOrgID' },
    outputs: { id: '' },
  },
  'aws:lambda/layerVersionPermission:LayerVersionPermission': {
    type: 'AWS::Lambda::LayerVersionPermission',
    renamed: { layerName: 'LayerVersionArn' },
  },
  'aws:lambda/resourcePolicy:ResourcePolicy': {
    type: 'AWS::Lambda::ResourcePolicy',
    renamed: { policy: 'PolicyDocument' },
    json: ['PolicyDocument'],
  },
  'aws:lambda/eventSourceMapping:EventSourceMapping': {
    type: 'AWS::Lambda::EventSourceMapping',
    renamed: {
      'destinationConfig.onFailure.destinationArn': 'DestinationConfig.OnFailure.Destination',
      'selfManagedEventSource.endpoints': 'SelfManagedEventSource.Endpoints',
    },
    verbatim: ['SelfManagedEventSource.Endpoints'],
    outputs: { id: '' },
  },
  'aws:lambda/functionUrl:FunctionUrl': {
    type: 'AWS::Lambda::Url',
    renamed: { functionName: 'TargetFunctionArn', authorizationType: 'AuthType' },
  },
  'aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig': { type: 'AWS::Lambda::EventInvokeConfig' },
  'aws:sfn/stateMachine:StateMachine': {
    type: 'AWS::StepFunctions::StateMachine',
    renamed: { name: 'StateMachineName', definition: 'DefinitionString', type: 'StateMachineType' },
    shaped: ({ LoggingConfiguration, ...rest }) =>
      LoggingConfiguration === undefined ? rest : { ...rest, LoggingConfiguration: loggingOf(LoggingConfiguration) },
    outputs: { id: '', arn: '', name: 'Name' },
  },
  'aws:scheduler/schedule:Schedule': {
    type: 'AWS::Scheduler::Schedule',
    renamed: {
      'target.eventbridgeParameters': 'Target.EventBridgeParameters',
      'target.sagemakerPipelineParameters': 'Target.SageMakerPipelineParameters',
    },
    outputs: NAME_IS_REF,
  },
  'aws:cloudwatch/eventRule:EventRule': {
    type: 'AWS::Events::Rule',
    json: ['EventPattern'],
    shaped: withState,
    outputs: NAME_IS_REF,
  },
  'aws:cloudwatch/eventTarget:EventTarget': {
    type: 'AWS::Events::Rule',
    renamed: {
      targetId: 'Id',
      'inputTransformer.inputPaths': 'InputTransformer.InputPathsMap',
      httpTarget: 'HttpParameters',
      sqsTarget: 'SqsParameters',
      kinesisTarget: 'KinesisParameters',
      ecsTarget: 'EcsParameters',
      batchTarget: 'BatchParameters',
      appsyncTarget: 'AppSyncParameters',
    },
    verbatim: [
      'InputTransformer.InputPathsMap',
      'HttpParameters.HeaderParameters',
      'HttpParameters.QueryStringParameters',
    ],
    partOf: [{ type: 'AWS::Events::Rule', by: 'Rule', at: 'Targets', append: true }],
  },
  'aws:pipes/pipe:Pipe': {
    type: 'AWS::Pipes::Pipe',
    renamed: {
      'sourceParameters.dynamodbStreamParameters': 'SourceParameters.DynamoDBStreamParameters',
      'targetParameters.eventbridgeEventBusParameters': 'TargetParameters.EventBridgeEventBusParameters',
    },
    outputs: NAME_IS_REF,
  },
  'aws:cloudwatch/metricAlarm:MetricAlarm': {
    type: 'AWS::CloudWatch::Alarm',
    renamed: {
      name: 'AlarmName',
      okActions: 'OKActions',
      evaluateLowSampleCountPercentiles: 'EvaluateLowSampleCountPercentile',
      metricQueries: 'Metrics',
      'metricQueries.metric': 'Metrics.MetricStat',
      'metricQueries.metric.metricName': 'Metrics.MetricStat.Metric.MetricName',
      'metricQueries.metric.namespace': 'Metrics.MetricStat.Metric.Namespace',
      'metricQueries.metric.dimensions': 'Metrics.MetricStat.Metric.Dimensions',
      'evaluationCriteria.promqlCriteria': 'EvaluationCriteria.PromQLCriteria',
    },
    verbatim: ['Dimensions', 'Metrics.MetricStat.Metric.Dimensions'],
    shaped: withDimensions,
    outputs: NAME_IS_REF,
  },
  'aws:cloudwatch/compositeAlarm:CompositeAlarm': {
    type: 'AWS::CloudWatch::CompositeAlarm',
    renamed: { okActions: 'OKActions' },
    outputs: { id: '', alarmName: '' },
  },
};

function loggingOf(logging: Value): Value {
  const destination = at(logging, 'LogDestination');
  if (!isMap(logging) || destination === undefined) return logging;
  const { LogDestination: _one, ...rest } = logging;
  return { ...rest, Destinations: [{ CloudWatchLogsLogGroup: { LogGroupArn: destination } }] };
}
