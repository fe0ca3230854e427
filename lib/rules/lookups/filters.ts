import { readJson, type Node } from '../../core/event-pattern/node';
import type { Model, Resource } from '../../core/model/model';
import { at, eachBranch, items, toText } from '../../core/model/select';
import { sourcesNamed } from '../../core/model/stream-consumers';

/** A filter of a mapping or a pipe. */
export interface RecordFilter {
  readonly resource: Resource;
  /** Whose filter syntax it uses. */
  readonly place: 'mapping' | 'pipe';
  /** The property that holds its pattern. */
  readonly property: string;
  /** Its parsed pattern; undefined if known only at deployment, `none` if it is not JSON. */
  readonly pattern: Node | 'none' | undefined;
}

const PLACES = [
  { type: 'AWS::Lambda::EventSourceMapping', place: 'mapping', filters: 'FilterCriteria.Filters' },
  { type: 'AWS::Pipes::Pipe', place: 'pipe', filters: 'SourceParameters.FilterCriteria.Filters' },
] as const;

/** All filters of mappings and pipes. */
export function* recordFilters(model: Model): Iterable<RecordFilter> {
  for (const { type, place, filters } of PLACES) {
    for (const resource of model.ofType(type)) {
      for (const [index, filter] of items(at(resource, filters)).entries()) {
        const property = `${filters}.${index}.Pattern`;
        for (const { value } of eachBranch(at(filter, 'Pattern'))) {
          if (value === undefined) continue;
          const text = toText(value);
          yield { resource, place, property, pattern: text === undefined ? undefined : (readJson(text) ?? 'none') };
        }
      }
    }
  }
}

/** The source of a mapping or pipe, if the template has it. */
export function sourceOf(model: Model, { resource, place }: RecordFilter): Resource | undefined {
  const property = place === 'pipe' ? 'Source' : 'EventSourceArn';
  return sourcesNamed(model, at(resource, property)).find(({ type }) => Object.hasOwn(RECORDS, type));
}

const TABLE = [
  'eventID',
  'eventName',
  'eventVersion',
  'eventSource',
  'eventSourceARN',
  'awsRegion',
  'dynamodb',
  'userIdentity',
];
const KINESIS = ['kinesisSchemaVersion', 'partitionKey', 'sequenceNumber', 'data', 'approximateArrivalTimestamp'];
const QUEUE = [
  'messageId',
  'receiptHandle',
  'body',
  'attributes',
  'messageAttributes',
  'md5OfBody',
  'md5OfMessageAttributes',
];

/** The fields of records as filters see them, by the type of their source. */
const RECORDS: Readonly<Record<string, readonly string[]>> = {
  'AWS::SQS::Queue': [...QUEUE, 'eventSource', 'eventSourceARN', 'awsRegion'],
  'AWS::Kinesis::Stream': [
    ...KINESIS,
    'eventSource',
    'eventVersion',
    'eventID',
    'eventName',
    'invokeIdentityArn',
    'awsRegion',
    'eventSourceARN',
  ],
  'AWS::DynamoDB::Table': TABLE,
  'AWS::DynamoDB::GlobalTable': TABLE,
};

/** A field that a filter matches on but no record of its source has; undefined if there is none. */
export function strangeField(source: Resource, pattern: Node): string | undefined {
  if (pattern.kind !== 'object') return undefined;
  const known = RECORDS[source.type] ?? [];
  for (const [name, value] of pattern.members) {
    const inside = name === '$or' && value.kind === 'list' ? value.items.map((one) => strangeField(source, one)) : [];
    const found =
      name === '$or' ? inside.find((one) => one !== undefined) : isAsked(known, name, value) ? name : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A field may be required to be absent even if no record has it. */
function isAsked(known: readonly string[], name: string, value: Node): boolean {
  if (known.includes(name.split('.')[0]!)) return false;
  return !(value.kind === 'list' && value.items.some(isAbsence));
}

function isAbsence(item: Node): boolean {
  if (item.kind !== 'object') return false;
  return item.members.some(([name, value]) => name === 'exists' && value.kind === 'word' && value.text === 'false');
}

/** Fields that every record has, whatever its source. */
const ALWAYS = ['eventSource', 'eventSourceARN', 'awsRegion', 'messageId', 'receiptHandle', 'eventID', 'partitionKey'];

/** Whether every record passes: the pattern only requires fields that every record has. An empty one is refused. */
export function matchesEverything(pattern: Node): boolean {
  if (pattern.kind !== 'object' || pattern.members.length === 0) return false;
  return pattern.members.every(([name, value]) => {
    if (name === '$or') return value.kind === 'list' && value.items.some(matchesEverything);
    return ALWAYS.includes(name) && value.kind === 'list' && value.items.some(isAnything);
  });
}

function isAnything(item: Node): boolean {
  if (item.kind !== 'object') return false;
  return item.members.some(
    ([name, value]) =>
      (name === 'exists' && value.kind === 'word' && value.text === 'true') ||
      (name === 'prefix' && value.kind === 'text' && value.text === ''),
  );
}
