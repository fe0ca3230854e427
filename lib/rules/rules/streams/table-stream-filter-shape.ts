import { at, entries, isList, isMap, isUnknown, toText } from '../../../core/model/select';
import type { Resource } from '../../../core/model/model';
import type { Value } from '../../../core/model/values';
import { asksForAbsence, tableStreamFilters } from '../../lookups/stream-filters';
import { type Rule, undecided } from '../../rule';

export const tableStreamFilterShape: Rule = {
  id: 'TableStreamFilterShape',
  severity: 'error',
  title: 'A filter on a table’s stream has the shape of its records',
  why: 'Attributes in a record carry their type, {"NewImage": {"status": {"S": "paid"}}}, and a record has only the images of the stream’s view: any other filter matches nothing, and the function is never called.',
  fix: 'write the type below the attribute, {"dynamodb": {"NewImage": {"status": {"S": ["paid"]}}}}',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/with-ddb-filtering.html',
  *check({ model }) {
    for (const { reader, source, property, pattern, written } of tableStreamFilters(model)) {
      if (pattern === undefined) {
        if (isUnknown(written)) yield undecided(reader, property, written);
        continue;
      }
      for (const message of new Set(faultsOf(pattern, source))) {
        yield { resource: reader, property, message, detail: message };
      }
    }
  },
};

const CHANGE = [
  'ApproximateCreationDateTime',
  'ApproximateCreationDateTimePrecision',
  'Keys',
  'NewImage',
  'OldImage',
  'SequenceNumber',
  'SizeBytes',
  'StreamViewType',
];

/** The images in a stream, by its view; keys are always there. */
const IMAGES: Readonly<Record<string, readonly string[]>> = {
  NEW_IMAGE: ['NewImage'],
  OLD_IMAGE: ['OldImage'],
  NEW_AND_OLD_IMAGES: ['NewImage', 'OldImage'],
  KEYS_ONLY: [],
};

const OR = '$or';

function* faultsOf(pattern: Value, table: Resource): Iterable<string> {
  const images = IMAGES[toText(at(table, 'StreamSpecification.StreamViewType')) ?? ''];
  for (const [part, attributes] of entries(at(pattern, 'dynamodb'))) {
    if (part === OR) continue;
    if (!CHANGE.includes(part)) yield `asks for dynamodb.${part}, which no record of a table’s stream has`;
    if (!['Keys', 'NewImage', 'OldImage'].includes(part)) continue;
    if (part !== 'Keys' && images && !images.includes(part) && !onlyAbsence(attributes)) {
      yield `asks for ${part}, which the stream of the table does not carry`;
    }
    yield* untyped(attributes, part);
  }
}

/** The keys allowed below an attribute's name, and the type of their values. */
const TYPES: Readonly<Record<string, string | undefined>> = {
  S: 'string',
  N: 'string',
  B: 'string',
  BOOL: 'boolean',
  NULL: 'boolean',
  SS: 'string',
  NS: 'string',
  BS: 'string',
  L: undefined,
  M: undefined,
};

function* untyped(attributes: Value | undefined, path: string): Iterable<string> {
  for (const [name, typed] of entries(attributes)) {
    const place = `${path}.${name}`;
    if (name === OR || asksForAbsence(typed)) continue;
    if (isList(typed)) {
      yield `compares ${place} itself, which is an object with the type of its value`;
      continue;
    }
    for (const [type, value] of entries(typed)) {
      if (type === OR) continue;
      if (!Object.hasOwn(TYPES, type)) yield `asks for ${place}.${type}, where a record has the type of the value`;
      else if (type === 'M') yield* untyped(value, `${place}.M`);
      else if (isList(value) && neverEqual(value, TYPES[type]))
        yield `compares ${place}.${type} with ${JSON.stringify(value)}, where a record has a ${TYPES[type]}`;
    }
  }
}

/** Whether no value can match, since all are of another type. */
function neverEqual(values: readonly Value[], type: string | undefined): boolean {
  return (
    type !== undefined &&
    values.length > 0 &&
    values.every((value) => ['string', 'number', 'boolean'].includes(typeof value) && typeof value !== type)
  );
}

function onlyAbsence(value: Value | undefined): boolean {
  if (isList(value)) return asksForAbsence(value);
  return isMap(value) && Object.values(value).every((inner) => onlyAbsence(inner));
}
