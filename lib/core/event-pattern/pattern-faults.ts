import { faultsIn, type PatternFault } from './faults';
import type { PatternPlace } from './grammar';
import type { Node } from './node';
import { isList, isMap, literal } from '../model/select';
import { Choice, type Value, type ValueMap } from '../model/values';

/**
 * What a service refuses in a pattern, and for a bus what no event can have. A choice is judged in both of its branches.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function patternFaults(pattern: Value, where: PatternPlace = 'bus'): PatternFault[] {
  const unknown = where === 'bus' && isMap(pattern) ? unknownFields(pattern, '') : [];
  return [...nodesOf(pattern).flatMap((node) => faultsIn(node, where)), ...unknown];
}

/** The fields of an event, which EventBridge writes. */
const ENVELOPE = [
  'version',
  'id',
  'detail-type',
  'source',
  'account',
  'time',
  'region',
  'resources',
  'detail',
  'replay-name',
];

function unknownFields(pattern: ValueMap, place: string): PatternFault[] {
  return Object.entries(pattern).flatMap(([name, filter]) => {
    const at = place === '' ? name : `${place}.${name}`;
    if (name === '$or' && isList(filter))
      return filter.flatMap((one, index) => (isMap(one) ? unknownFields(one, `${at}.${index}`) : []));
    // A name with dots is a path.
    if (name === '$or' || ENVELOPE.includes(name.split('.')[0]!)) return [];
    return [{ place: at, fault: `matches on '${name}', which no event has: the sender's data is in 'detail'` }];
  });
}

/** A value as the JSON that it may be: one for each branch of a choice. */
export function nodesOf(value: Value): Node[] {
  if (value instanceof Choice)
    return [value.then, value.otherwise].flatMap((one) => (one === undefined ? [] : nodesOf(one)));
  if (isList(value)) return [{ kind: 'list', items: value.flatMap(itemsOf) }];
  if (isMap(value)) return [objectOf(value)];
  const known = literal(value);
  switch (typeof known) {
    case 'string':
      return [{ kind: 'text', text: known }];
    case 'number':
      return [{ kind: 'number', text: String(known) }];
    default:
      return [known === undefined ? { kind: 'open' } : { kind: 'word', text: String(known) }];
  }
}

/** A name whose value is a choice stands once for each branch. */
function objectOf(value: ValueMap): Node {
  const members = Object.entries(value).flatMap(([name, one]) => nodesOf(one).map((node) => [name, node] as const));
  return { kind: 'object', members };
}

/** A comparison is one for each branch of what it compares with. */
function itemsOf(item: Value): Node[] {
  const [operator, ...others] = isMap(item) ? Object.keys(item) : [];
  if (!isMap(item) || operator === undefined || others.length > 0) return nodesOf(item);
  return nodesOf(item[operator]!).map((operand) => ({ kind: 'object', members: [[operator, operand]] }));
}
