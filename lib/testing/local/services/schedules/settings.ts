import { parseArn } from '../../../../core/arn';
import { number, parseJson, recordOf, type JsonObject, text } from '../../kernel/json';
import { instantOf } from './occurrences';

const MINUTE = 60_000;
/** How long a start may lie back, in minutes. */
const START_GRACE = 5;
/** Longest flexible time window, in minutes. */
const LONGEST_WINDOW = 1440;

/** Parameters of a target, by the service that takes them. */
const OF_SERVICE: Readonly<Record<string, string>> = {
  EcsParameters: 'ecs',
  EventBridgeParameters: 'events',
  KinesisParameters: 'kinesis',
  SageMakerPipelineParameters: 'sagemaker',
  SqsParameters: 'sqs',
};

/** When and where a schedule is created. */
export interface Creation {
  /** In milliseconds since the epoch. */
  readonly now: number;
  readonly region: string;
  /** Whether it exists already: its start may then be any time ago. */
  readonly update?: boolean;
}

/** Parses a date of the API or a template; undefined if there is none. */
export function dateOf(value: unknown): Date | undefined {
  if (value === undefined) return undefined;
  const epoch = number(value);
  return epoch === undefined ? new Date(text(value) ?? '') : new Date(epoch * 1000);
}

/**
 * What Scheduler refuses in the settings of a schedule, besides its expression, in its words.
 * @param properties with null for what is not known
 * @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
 */
export function settingsFaults(properties: JsonObject, creation: Creation): readonly string[] {
  const target = recordOf(properties.Target);
  return [
    ...ofEnumerations(properties),
    ...ofWindow(recordOf(properties.FlexibleTimeWindow)),
    ...ofDates(properties, creation),
    ...ofTarget(target, creation.region),
  ];
}

function ofEnumerations(properties: JsonObject): readonly string[] {
  const mode = recordOf(properties.FlexibleTimeWindow).Mode;
  return [
    ...among('flexibleTimeWindow.mode', mode, ['OFF', 'FLEXIBLE']),
    ...(properties.State === undefined ? [] : among('state', properties.State, ['ENABLED', 'DISABLED'])),
    ...(properties.ActionAfterCompletion === undefined
      ? []
      : among('actionAfterCompletion', properties.ActionAfterCompletion, ['NONE', 'DELETE'])),
  ];
}

function among(place: string, given: unknown, values: readonly string[]): readonly string[] {
  if (given === null) return [];
  const value = text(given);
  if (value !== undefined && values.includes(value)) return [];
  const [shown, rule] =
    value === undefined
      ? ['null', 'Member must not be null']
      : [`'${value}'`, `Member must satisfy enum value set: [${values.join(', ')}]`];
  return [`1 validation error detected: Value ${shown} at '${place}' failed to satisfy constraint: ${rule}`];
}

function ofWindow({ Mode, MaximumWindowInMinutes }: JsonObject): readonly string[] {
  const given = number(MaximumWindowInMinutes);
  if (Mode === 'OFF' && given !== undefined)
    return ['MaximumWindowInMinutes must not be provided when FlexibleTimeWindowMode is set to OFF.'];
  if (Mode !== 'FLEXIBLE') return [];
  if (MaximumWindowInMinutes === null) return [];
  if (given === undefined)
    return ['MaximumWindowInMinutes must be provided when FlexibleTimeWindowMode is set to FLEXIBLE.'];
  return given >= 1 && given <= LONGEST_WINDOW
    ? []
    : [`MaximumWindowInMinutes must be from 1 to ${LONGEST_WINDOW}, got ${given}.`];
}

/** Dates do not count for a schedule that runs once. That AWS refuses past ends and times is not documented. */
function ofDates(properties: JsonObject, { now, update = false }: Creation): readonly string[] {
  const expression = text(properties.ScheduleExpression) ?? '';
  const once = instantOf(expression, text(properties.ScheduleExpressionTimezone) ?? 'UTC');
  if (once) {
    const passed = once.getTime() < now - MINUTE;
    return passed && !update ? [`Invalid Schedule Expression ${expression}. It is in the past.`] : [];
  }
  const [start, end] = [dateOf(properties.StartDate), dateOf(properties.EndDate)];
  return [
    ...(start && !update && start.getTime() < now - START_GRACE * MINUTE
      ? [`The StartDate you specify cannot be earlier than ${START_GRACE} minutes ago.`]
      : []),
    ...(start && end && start >= end ? ['The StartDate you specify must come before the EndDate.'] : []),
    ...(end && end.getTime() <= now ? ['The EndDate you specify must be in the future.'] : []),
  ];
}

function ofTarget(target: JsonObject, region: string): readonly string[] {
  if (target.Arn === null) return [];
  const arn = text(target.Arn) ?? '';
  const { service = '', region: there = '' } = parseArn(arn) ?? {};
  const foreign = Object.entries(OF_SERVICE).filter(([name, of]) => target[name] !== undefined && of !== service);
  const group = recordOf(target.SqsParameters).MessageGroupId;
  const fifo = arn.endsWith('.fifo');
  const input = text(target.Input);
  return [
    ...foreign.map(([name]) => `Parameters ${name} not supported for the target.`),
    ...(service === 'sqs' && fifo && target.SqsParameters === undefined
      ? ['Parameters SqsParameters must be specified.']
      : []),
    ...(service === 'sqs' && !fifo && group !== undefined
      ? ['Parameters MessageGroupId not valid for the target.']
      : []),
    ...(there !== '' && there !== region
      ? [`The target ARN provided does not match the current region ${region}.`]
      : []),
    ...(input !== undefined && parseJson(withoutAttributes(input)) === undefined && isJsonTarget(service)
      ? ['JSON syntax error in input for the target.']
      : []),
  ];
}

/** Queues and topics take any text. */
function isJsonTarget(service: string): boolean {
  return ['lambda', 'states', 'events'].includes(service);
}

/** Context attributes stand in texts as a rule; one outside of a text becomes a number. */
function withoutAttributes(input: string): string {
  return input.replace(/<aws\.scheduler\.[\w.-]+>/g, '0');
}
