import { dynamoDb, s3 } from '../../../core/facts';
import type { Resource } from '../../../core/model/model';
import { at, items, toText } from '../../../core/model/select';
import { outside } from '../../limits';
import { each, type Judgement, openAmong, type Rule } from '../../rule';

const COUNT = dynamoDb.vectorIndexes.value;
const { max } = dynamoDb.vectorDimensions.value;

export const vectorIndex: Rule = {
  id: 'VectorIndex',
  severity: 'error',
  title: `A vector index has at most ${max} dimensions; a table with vector indexes is on demand and has at most ${COUNT}`,
  why: 'The deployment is rejected otherwise.',
  fix: 'use a model with fewer dimensions, or set BillingMode to PAY_PER_REQUEST',
  source: dynamoDb.vectorDimensions.source,
  check: each(['AWS::S3Vectors::Index', 'AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'], function* (resource) {
    if (resource.type === 'AWS::S3Vectors::Index') {
      yield* outside(resource, [{ property: 'Dimension', range: s3.vectorDimensions }]);
    } else {
      yield* judgeTable(resource);
    }
  }),
};

function* judgeTable(table: Resource): Iterable<Judgement> {
  const indexes = items(at(table, 'VectorIndexes'));
  if (indexes.length === 0) return;
  const property = 'VectorIndexes';
  for (const index of indexes.keys()) {
    yield* outside(table, [{ property: `${property}.${index}.Dimensions`, range: dynamoDb.vectorDimensions }]);
  }
  if (indexes.length > COUNT)
    yield { resource: table, property, message: `has ${indexes.length} vector indexes`, detail: 'count' };
  const open = openAmong(table, 'BillingMode');
  if (open) yield open;
  else if (toText(at(table, 'BillingMode')) !== 'PAY_PER_REQUEST') {
    yield {
      resource: table,
      property: 'BillingMode',
      message: 'has a vector index and is not on demand',
      detail: 'billing',
    };
  }
}
