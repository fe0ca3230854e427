import { maxDelay, stateName } from '../facts/step-functions';
import { isMap } from '../model/select';
import type { Body, State } from './definition';
import type { Fault } from './field-faults';
import { TIMESTAMP } from './timestamp';

/** Ranges of a state's numbers. Measured: `TimeoutSeconds` of the machine and `IntervalSeconds` may be 0. */
const NUMBERS: Ranges = {
  TimeoutSeconds: [1, 99_999_999],
  HeartbeatSeconds: [1, 99_999_999],
  Seconds: [0, 99_999_999],
  MaxConcurrency: [0, Infinity],
  ToleratedFailurePercentage: [0, 100],
};
const RETRY_NUMBERS: Ranges = {
  MaxAttempts: [0, 99_999_999],
  BackoffRate: [1, Infinity],
  // Whether the bound itself is taken is not known.
  MaxDelaySeconds: [1, maxDelay.value],
};
/** Fields of which a state may have one. */
const EXCLUSIVE = [
  ['TimeoutSeconds', 'TimeoutSecondsPath'],
  ['HeartbeatSeconds', 'HeartbeatSecondsPath'],
  ['MaxConcurrency', 'MaxConcurrencyPath'],
  ['ToleratedFailurePercentage', 'ToleratedFailurePercentagePath'],
  ['Error', 'ErrorPath'],
  ['Cause', 'CausePath'],
  ['ItemProcessor', 'Iterator'],
  ['SecondsPath', 'Seconds', 'TimestampPath', 'Timestamp'],
] as const;
/** What integrations must be given, as measured; others are not judged. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  'dynamodb:getItem': ['TableName', 'Key'],
  'dynamodb:putItem': ['TableName', 'Item'],
  'ecs:runTask': ['TaskDefinition'],
  'events:putEvents': ['Entries'],
  'glue:startJobRun': ['JobName'],
  'lambda:invoke': ['FunctionName'],
  'sns:publish': ['Message'],
  'sqs:sendMessage': ['QueueUrl', 'MessageBody'],
  'states:startExecution': ['StateMachineArn'],
};
type Ranges = Readonly<Record<string, readonly [min: number, max: number]>>;

/**
 * Values that a state must not have: numbers out of range, two fields of which it may have one, a task without what its
 * integration needs.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html
 */
export function valueFaults(state: State, fault: Fault): readonly ReturnType<Fault>[] {
  const { name, body, retriers, catchers, type } = state;
  const pairs = EXCLUSIVE.filter((fields) => fields.filter((field) => body[field] !== undefined).length > 1);
  const { Timestamp } = body;
  return [
    ...(body.Next !== undefined && body.End === true
      ? [fault('There should only be one of the following fields: [Next, End]')]
      : []),
    ...(name.length > stateName.value ? [fault(`The name exceeds the ${stateName.value}-character limit`)] : []),
    ...pairs.map((fields) => fault(`There should only be one of the following fields: [${fields.join(', ')}]`)),
    ...rangeFaults(body, NUMBERS, fault),
    ...retriers.flatMap((retrier, index) => [
      ...rangeFaults(retrier.body, RETRY_NUMBERS, fault, 'Retry', index),
      ...jitterFault(retrier.body, (message) => fault(message, 'Retry', index, 'JitterStrategy')),
    ]),
    ...catchers.flatMap(({ body: catcher }, index) =>
      catcher.Next === undefined ? [fault('These fields are required: [Next]', 'Catch', index)] : [],
    ),
    ...(type === 'Wait' && typeof Timestamp === 'string' && !TIMESTAMP.test(Timestamp) && !Timestamp.startsWith('{%')
      ? [fault('String does not match RFC3339 timestamp', 'Timestamp')]
      : []),
    ...integrationFaults(state, fault),
    ...processorFaults(state, fault),
  ];
}

function rangeFaults(body: Body, ranges: Ranges, fault: Fault, ...place: readonly (string | number)[]) {
  return Object.entries(ranges).flatMap(([field, [min, max]]) => {
    const value = body[field];
    if (typeof value !== 'number') return [];
    if (value < min) return [fault(`Minimum value is ${min}`, ...place, field)];
    return value > max ? [fault(`Maximum value is ${max}`, ...place, field)] : [];
  });
}

function jitterFault({ JitterStrategy }: Body, fault: (message: string) => ReturnType<Fault>) {
  return JitterStrategy === undefined || JitterStrategy === 'NONE' || JitterStrategy === 'FULL'
    ? []
    : [fault('Value should be one of the following: [NONE, FULL]')];
}

function integrationFaults({ call, body, language }: State, fault: Fault) {
  if (call?.kind !== 'integration' || call.sdk) return [];
  const field = language === 'JSONata' ? 'Arguments' : 'Parameters';
  const given = body[field];
  if (given === undefined) return [fault(`${field} field is required for the resource`)];
  if (!isMap(given)) return [];
  const missing = (REQUIRED[`${call.service}:${call.api}`] ?? []).filter(
    (name) => given[name] === undefined && given[`${name}.$`] === undefined,
  );
  return missing.map((name) => fault(`The field '${name}' is required but was missing`, field));
}

function processorFaults({ type, body }: State, fault: Fault) {
  if (type !== 'Map') return [];
  const field = body.ItemProcessor === undefined ? 'Iterator' : 'ItemProcessor';
  const processor = body[field];
  const config = isMap(processor) && isMap(processor.ProcessorConfig) ? processor.ProcessorConfig : {};
  const { Mode, ExecutionType } = config;
  const place = [field, 'ProcessorConfig'] as const;
  if (Mode === 'DISTRIBUTED') {
    if (ExecutionType === undefined) return [fault('These fields are required: [ExecutionType]', ...place)];
    return ExecutionType === 'STANDARD' || ExecutionType === 'EXPRESS'
      ? []
      : [fault('Value should be one of the following: [STANDARD, EXPRESS]', ...place, 'ExecutionType')];
  }
  return ExecutionType === undefined ? [] : [fault("Field 'ExecutionType' is not supported", ...place)];
}
