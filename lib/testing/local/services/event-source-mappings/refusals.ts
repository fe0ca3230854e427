import * as facts from '../../../../core/facts/event-source';
import { parseArn } from '../../../../core/arn';
import { isRecord, type JsonObject, number, recordOf, records, text, texts } from '../../kernel/json';

/** Settings of streams alone. */
const OF_STREAMS = [
  'BisectBatchOnFunctionError',
  'DestinationConfig',
  'MaximumRecordAgeInSeconds',
  'MaximumRetryAttempts',
  'ParallelizationFactor',
  'StartingPosition',
  'StartingPositionTimestamp',
  'TumblingWindowInSeconds',
];
/** Settings of queues alone. */
const OF_QUEUES = ['ScalingConfig', 'ProvisionedPollerConfig'];
const POSITIONS = ['TRIM_HORIZON', 'LATEST', 'AT_TIMESTAMP'];

/**
 * Why Lambda refuses a mapping for its kind of source; undefined if it accepts it.
 * @param properties with null for what is not known
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
 */
export function sourceFault(properties: JsonObject): string | undefined {
  const service = parseArn(text(properties.EventSourceArn) ?? '')?.service;
  const faults = [...ofResponses(properties), ...ofFilters(properties)];
  if (service === 'sqs') faults.push(...foreign(properties, OF_STREAMS, 'streams'), ...ofScaling(properties));
  if (service === 'kinesis' || service === 'dynamodb')
    faults.push(
      ...foreign(properties, OF_QUEUES, 'queues'),
      ...positionFaults(properties, service),
      ...ofStreams(properties),
    );
  return faults.length === 0 ? undefined : `Lambda refuses it: ${faults.join('; ')}`;
}

/**
 * What is wrong with the starting position of a stream.
 * @param parameters with null for what is not known
 */
export function positionFaults(parameters: JsonObject, service: string): readonly string[] {
  const { StartingPosition, StartingPositionTimestamp } = parameters;
  if (StartingPosition === null) return [];
  const position = text(StartingPosition);
  if (position === undefined) return ['a stream requires StartingPosition'];
  if (!POSITIONS.includes(position)) return [`StartingPosition is ${POSITIONS.join(', ')}, got '${position}'`];
  const timed = position === 'AT_TIMESTAMP';
  if (timed && service === 'dynamodb') return ["a table's stream has no AT_TIMESTAMP"];
  if (timed && StartingPositionTimestamp === undefined) return ['AT_TIMESTAMP requires StartingPositionTimestamp'];
  return !timed && StartingPositionTimestamp !== undefined ? ['StartingPositionTimestamp requires AT_TIMESTAMP'] : [];
}

function foreign(properties: JsonObject, names: readonly string[], of: string): readonly string[] {
  return names
    .filter((name) => properties[name] !== undefined && properties[name] !== false)
    .map((name) => `${name} is for ${of}`);
}

function ofResponses({ FunctionResponseTypes }: JsonObject): readonly string[] {
  const other = texts(FunctionResponseTypes).filter((type) => type !== 'ReportBatchItemFailures');
  return other.map((type) => `FunctionResponseTypes has '${type}', which is none`);
}

function ofFilters({ FilterCriteria }: JsonObject): readonly string[] {
  const count = records(recordOf(FilterCriteria).Filters).length;
  const most = facts.filtersRaised.value;
  return count > most ? [`it has ${count} filters, and Lambda takes ${most} at most`] : [];
}

function ofScaling({ ScalingConfig, ProvisionedPollerConfig }: JsonObject): readonly string[] {
  const both = isRecord(ScalingConfig) && isRecord(ProvisionedPollerConfig);
  return both ? ['ScalingConfig and ProvisionedPollerConfig exclude each other'] : [];
}

function ofStreams({ MaximumRecordAgeInSeconds, MaximumRetryAttempts }: JsonObject): readonly string[] {
  const age = number(MaximumRecordAgeInSeconds) ?? -1;
  const retries = number(MaximumRetryAttempts) ?? -1;
  const [ages, attempts] = [facts.streamRecordAge.value, facts.streamRetries.value];
  return [
    ...(age === -1 || (age >= ages.min && age <= ages.max)
      ? []
      : [`MaximumRecordAgeInSeconds is -1 or from ${ages.min} to ${ages.max}, got ${age}`]),
    ...(retries === -1 || (retries >= Math.max(0, attempts.min) && retries <= attempts.max)
      ? []
      : [`MaximumRetryAttempts is -1 or from 0 to ${attempts.max}, got ${retries}`]),
  ];
}
