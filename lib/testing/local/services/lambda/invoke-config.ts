import { parseArn } from '../../../../core/arn';
import { type JsonObject, number, recordOf, text } from '../../kernel/json';

const SERVICES = ['events', 'lambda', 's3', 'sns', 'sqs'];

/**
 * What Lambda refuses in the settings of asynchronous invocations.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html
 */
export function invokeConfigFaults(properties: JsonObject): readonly string[] {
  const { OnFailure, OnSuccess } = recordOf(properties.DestinationConfig);
  const [success, failure] = [OnSuccess, OnFailure].map((one) => text(recordOf(one).Destination));
  return [
    ...outside('MaximumRetryAttempts', number(properties.MaximumRetryAttempts), 0, 2),
    ...outside('MaximumEventAgeInSeconds', number(properties.MaximumEventAgeInSeconds), 60, 21_600),
    ...ofDestination('OnSuccess', success),
    ...ofDestination('OnFailure', failure),
    ...(parseArn(success ?? '')?.service === 's3' ? ['OnSuccess cannot be a bucket'] : []),
  ];
}

function outside(name: string, value: number | undefined, min: number, max: number): readonly string[] {
  return value === undefined || (value >= min && value <= max)
    ? []
    : [`${name} is from ${min} to ${max}, got ${value}`];
}

function ofDestination(name: string, arn: string | undefined): readonly string[] {
  if (arn === undefined) return [];
  const service = parseArn(arn)?.service ?? '';
  if (!SERVICES.includes(service)) return [`${name} cannot be '${arn}'`];
  return arn.endsWith('.fifo') ? [`${name} cannot be a FIFO queue or topic`] : [];
}
