import type { Check } from '../../core/check/check';
import { filterLength, filters } from '../../core/facts/event-source';

/** A pattern of records. */
type Pattern = Readonly<Record<string, unknown>>;

/**
 * The filters of a projection that reads some types of events: those types, as the stream's typed image has them, and every
 * change that is no new event, which must never be passed over.
 * @param kinesis whether the records come through a Kinesis stream, where the change is the record's data
 */
export function filtersOf(eventTypes: readonly string[] | undefined, kinesis: boolean): Pattern[] | undefined {
  if (eventTypes === undefined) return undefined;
  const changes = [...inParts(eventTypes, kinesis).map(ofTypes), NO_NEW_EVENT];
  return changes.map((change) => within(change, kinesis));
}

/**
 * What had an image before, so that it was replaced or deleted. Mappings are only said to filter on the key `dynamodb`, so
 * this does not ask for `eventName`.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-ddb-filtering.html
 */
const NO_NEW_EVENT = { dynamodb: { OldImage: { id: { S: [{ exists: true }] } } } };

/** Whether the types fit into the filters that a mapping may have. */
export function filterChecks(eventTypes: readonly string[] | undefined, kinesis: boolean): Check[] {
  return [
    {
      prop: 'eventTypes',
      value: eventTypes?.length,
      reads: [eventTypes],
      valid: () => eventTypes === undefined || inParts(eventTypes, kinesis).length < filters.value,
      rule: `must fit into ${filters.value - 1} filters of ${filterLength.value} characters`,
      remedy: 'leave it out, and let the handler pass over what it does not know',
    },
  ];
}

function ofTypes(types: readonly string[]): Pattern {
  return { dynamodb: { NewImage: { type: { S: types } } } };
}

function within(change: Pattern, kinesis: boolean): Pattern {
  return kinesis ? { data: change } : change;
}

/** Types by the filters that hold them. */
function inParts(eventTypes: readonly string[], kinesis: boolean): string[][] {
  const parts: string[][] = [];
  for (const type of eventTypes) {
    const last = parts.at(-1);
    const longer = last && [...last, type];
    if (longer && JSON.stringify(within(ofTypes(longer), kinesis)).length <= filterLength.value) last.push(type);
    else parts.push([type]);
  }
  return parts;
}
