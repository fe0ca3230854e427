import { parseArn } from '../../../../core/arn';
import { recordOf } from '../../kernel/json';
import { positionFaults } from '../event-source-mappings/refusals';
import type { PipeSettings } from './settings';

/** Parameters of a target, with the services that take them. */
const OF_TARGETS: Readonly<Record<string, readonly string[]>> = {
  BatchJobParameters: ['batch'],
  CloudWatchLogsParameters: ['logs'],
  EcsTaskParameters: ['ecs'],
  EventBridgeEventBusParameters: ['events'],
  HttpParameters: ['events', 'execute-api'],
  KinesisStreamParameters: ['kinesis'],
  LambdaFunctionParameters: ['lambda'],
  RedshiftDataParameters: ['redshift', 'redshift-serverless'],
  SageMakerPipelineParameters: ['sagemaker'],
  SqsQueueParameters: ['sqs'],
  StepFunctionStateMachineParameters: ['states'],
  TimestreamParameters: ['timestream'],
};
/** Parameters of a source, with the service that takes them. */
const OF_SOURCES: Readonly<Record<string, string>> = {
  DynamoDBStreamParameters: 'dynamodb',
  KinesisStreamParameters: 'kinesis',
  SqsQueueParameters: 'sqs',
};

/** What Pipes refuses in the parameters of the source and the target. */
export function parameterFaults(settings: PipeSettings): readonly string[] {
  const { source, target, targetParameters, sourceParameters } = settings;
  const [from = '', to = ''] = [source, target].map((arn) => parseArn(arn)?.service ?? '');
  const [own = ''] = Object.entries(OF_SOURCES).find(([, service]) => service === from) ?? [];
  const foreignSource = Object.keys(OF_SOURCES).some((name) => name !== own && sourceParameters[name] !== undefined);
  const foreignTarget = Object.entries(OF_TARGETS).some(
    ([name, services]) => to !== '' && targetParameters[name] !== undefined && !services.includes(to),
  );
  const faults = [
    ...(foreignSource ? ['Invalid source parameter provided for source.'] : []),
    ...(from === 'sqs' ? [] : positionFaults(recordOf(sourceParameters[own]), from)),
    ...(foreignTarget ? ['Invalid target parameter provided for target.'] : []),
    ...(to === 'sns' && target.endsWith('.fifo') ? ['its target is a FIFO topic'] : []),
  ];
  return faults.map((fault) => `AWS refuses it: ${fault}`);
}
