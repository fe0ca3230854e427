import type { Check } from '../../core/check/check';
import { filterLength, filters } from '../../core/facts/event-source';

/** A filter pattern for records. */
type Pattern = Readonly<Record<string, unknown>>;

/**
 * Filters of a projection that reads some event types: those types, as in the stream's typed image, and every
 * change other than a new event, which must never be filtered out.
 * @param kinesis whether the records come through a Kinesis stream, where the change is the record's data
 */
export function filtersOf(eventTypes: readonly string[] | undefined, kinesis: boolean): Pattern[] | undefined {
  if (eventTypes === undefined) return undefined;
  const changes = [...inParts(eventTypes, kinesis).map(ofTypes), NO_NEW_EVENT];
  return changes.map((change) => within(change, kinesis));
}

/**
 * Records with an old image, which were therefore replaced or deleted. Mappings are only documented to filter on the key
 * `dynamodb`, so this does not use `eventName`.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-ddb-filtering.html
 */
const NO_NEW_EVENT = { dynamodb: { OldImage: { id: { S: [{ exists: true }] } } } };

/** Checks that the types fit into the filters a mapping may have. */
export function filterChecks(eventTypes: readonly string[] | undefined, kinesis: boolean): Check[] {
  return [
    {
      prop: 'eventTypes',
      value: eventTypes?.length,
      reads: [eventTypes],
      valid: () => eventTypes === undefined || inParts(eventTypes, kinesis).length < filters.value,
      rule: `must fit into ${filters.value - 1} filters of ${filterLength.value} characters each`,
      remedy: 'leave it out, and let the handler skip unknown types',
    },
  ];
}

function ofTypes(types: readonly string[]): Pattern {
  return { dynamodb: { NewImage: { type: { S: types } } } };
}

function within(change: Pattern, kinesis: boolean): Pattern {
  return kinesis ? { data: change } : change;
}

/** Splits types over filters. */
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
