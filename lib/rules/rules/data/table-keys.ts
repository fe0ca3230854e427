import { at, inWords, items, isUnknown, together, toText } from '../../../core/model/select';
import type { Resource } from '../../../core/model/model';
import type { Value } from '../../../core/model/values';
import { each, type Judgement, type Rule, undecided } from '../../rule';

export const tableKeys: Rule = {
  id: 'TableKeys',
  severity: 'error',
  title: 'A table has one partition key and at most one sort key, and sets capacity only if provisioned',
  why: 'DynamoDB rejects the deployment otherwise, and no schema check catches it first.',
  fix: 'write the partition key (HASH) first, then at most one sort key (RANGE)',
  source: 'https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html',
  check: each(['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'], function* (table) {
    yield* keys(table, '', 1);
    for (const list of ['LocalSecondaryIndexes', 'GlobalSecondaryIndexes']) {
      // Each key of a global index may have up to four attributes.
      for (const index of items(at(table, list)).keys()) {
        yield* keys(table, `${list}.${index}.`, list === 'GlobalSecondaryIndexes' ? 4 : 1);
      }
    }
    yield* capacity(table);
  }),
};

function* keys(table: Resource, path: string, most: number): Iterable<Judgement> {
  const property = `${path}KeySchema`;
  const schema = items(at(table, property));
  if (schema.length === 0) return;
  const open = schema.find((key) => isUnknown(key) || isUnknown(at(key, 'KeyType')));
  if (open !== undefined) {
    yield undecided(table, property, isUnknown(open) ? open : at(open, 'KeyType')!);
    return;
  }
  const kinds = schema.map((key) => toText(at(key, 'KeyType')));
  const [hashes, ranges] = ['HASH', 'RANGE'].map((kind) => kinds.filter((one) => one === kind).length) as [
    number,
    number,
  ];
  const fault =
    hashes === 0
      ? 'has no partition key'
      : hashes > most
        ? `has ${hashes} partition keys`
        : ranges > most
          ? `has ${ranges} sort keys`
          : kinds[0] === 'HASH'
            ? undefined
            : 'has its sort key before its partition key';
  if (fault !== undefined) yield { resource: table, property, message: fault, detail: property };
}

/** Only provisioned tables set capacity. */
function* capacity(table: Resource): Iterable<Judgement> {
  if (table.type !== 'AWS::DynamoDB::Table') return;
  const places: [string, Value | undefined][] = [
    ['ProvisionedThroughput', at(table, 'ProvisionedThroughput')],
    ...items(at(table, 'GlobalSecondaryIndexes')).map((index, position): [string, Value | undefined] => [
      `GlobalSecondaryIndexes.${position}.ProvisionedThroughput`,
      at(index, 'ProvisionedThroughput'),
    ]),
  ];
  for (const [property, value] of places) {
    for (const { values, when } of together({ capacity: value, mode: at(table, 'BillingMode') })) {
      if (values.capacity === undefined || toText(values.mode) !== 'PAY_PER_REQUEST') continue;
      yield {
        resource: table,
        property,
        message: `sets capacity on an on-demand table${inWords(when)}`,
        remedy: 'remove ProvisionedThroughput, or BillingMode',
        detail: property,
      };
    }
  }
}
