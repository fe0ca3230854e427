import { parseArn } from '../../../../core/arn';
import type { Range } from '../../../../core/facts/fact';
import { eventAge, retryAttempts } from '../../../../core/facts/events';
import { type JsonObject, number, parseJson, recordOf, text } from '../../kernel/json';

/** Parameters of a target, with the services that take them. */
const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  AppSyncParameters: ['appsync'],
  BatchParameters: ['batch'],
  EcsParameters: ['ecs'],
  HttpParameters: ['events', 'execute-api'],
  KinesisParameters: ['kinesis'],
  RedshiftDataParameters: ['redshift', 'redshift-serverless'],
  RunCommandParameters: ['ssm'],
  SageMakerPipelineParameters: ['sagemaker'],
};
/** Services that EventBridge calls with a role, and never by the policy of the target. */
const BY_ROLE = ['batch', 'codebuild', 'codepipeline', 'ecs', 'events', 'firehose', 'glue', 'kinesis', 'ssm', 'states'];

/**
 * Why EventBridge refuses the targets of a rule, in its words; empty if it accepts them.
 * @param targets with null for what is not known
 * @param region of the rule
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html
 */
export function targetFaults(targets: readonly JsonObject[], region: string): readonly string[] {
  const ids = targets.map(({ Id }) => text(Id) ?? '');
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index);
  return [
    ...[...new Set(twice)].map((id) => `two targets have the id '${id}'`),
    ...targets.flatMap((target) => [
      ...ofTarget(target),
      ...ofDeadLetters(text(recordOf(target.DeadLetterConfig).Arn), region),
      ...ofRetries(recordOf(target.RetryPolicy)),
    ]),
  ];
}

function ofTarget(target: JsonObject): readonly string[] {
  if (target.Arn === null) return [];
  const arn = text(target.Arn) ?? '';
  const id = text(target.Id) ?? '';
  const service = parseArn(arn)?.service ?? '';
  // Types that are not known here have no ARN.
  const parameters = service === '' ? [] : Object.entries(PARAMETERS);
  const foreign = parameters.filter(([name, of]) => target[name] !== undefined && !of.includes(service));
  const input = text(target.Input);
  return [
    ...foreign.map(([name]) => `Parameter(s) ${name} not supported for target: ${id}.`),
    ...(BY_ROLE.includes(service) && target.RoleArn === undefined ? [`RoleArn is required for target ${arn}.`] : []),
    ...(service === 'sqs' && arn.endsWith('.fifo') && recordOf(target.SqsParameters).MessageGroupId === undefined
      ? [`Parameter(s) SqsParameters must be specified for target: ${id}.`]
      : []),
    ...(input !== undefined && parseJson(input) === undefined ? [`JSON syntax error in input for target ${id}.`] : []),
  ];
}

function ofDeadLetters(arn: string | undefined, region: string): readonly string[] {
  if (arn === undefined) return [];
  const { service = '', region: there = region } = parseArn(arn) ?? {};
  if (service !== 'sqs') return [`${service} is not supported as a dead letter resource.`];
  if (arn.endsWith('.fifo')) return ['SQS FIFO is not supported by Dead Letter Queues.'];
  return there === region ? [] : [`its dead-letter queue is in ${there}, and must be in ${region}`];
}

const RETRIES: Readonly<Record<string, Range>> = {
  MaximumRetryAttempts: retryAttempts.value,
  MaximumEventAgeInSeconds: eventAge.value,
};

function ofRetries(policy: JsonObject): readonly string[] {
  return Object.entries(RETRIES).flatMap(([name, { min, max }]) => {
    const value = number(policy[name]);
    return value === undefined || (value >= min && value <= max)
      ? []
      : [`${name} is from ${min} to ${max}, got ${value}`];
  });
}
