import { at, isList, isMap, items, toText } from '../../../core/model/select';
import type { Value } from '../../../core/model/values';
import { named } from '../../../core/model/references';
import { each, type Rule } from '../../rule';

const TABLES = ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'];

export const tableStreamNumericFilter: Rule = {
  id: 'TableStreamNumericFilter',
  severity: 'error',
  title: 'A filter on a table’s stream does not compare numbers',
  why: 'Numbers are text in a stream record ({"N": "12"}): a numeric filter matches nothing, and the function is never called.',
  fix: 'compare the text ({"N": ["12"]}), or filter in the handler',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/with-ddb-filtering.html',
  check: each(['AWS::Lambda::EventSourceMapping'], function* (mapping, { model }) {
    if (!named(model, at(mapping, 'EventSourceArn')).some(({ type }) => TABLES.includes(type))) return;
    const patterns = items(at(mapping, 'FilterCriteria.Filters')).map((filter) => toText(at(filter, 'Pattern')));
    for (const [index, pattern] of patterns.entries()) {
      if (pattern === undefined || !comparesNumbers(parsed(pattern))) continue;
      yield {
        resource: mapping,
        property: `FilterCriteria.Filters.${index}.Pattern`,
        message: 'compares numbers, which no record of a table’s stream has',
        detail: `FilterCriteria.Filters.${index}`,
      };
    }
  }),
};

function parsed(pattern: string): Value {
  try {
    return JSON.parse(pattern) as Value;
  } catch {
    return null;
  }
}

function comparesNumbers(value: Value): boolean {
  if (isList(value)) return value.some(comparesNumbers);
  return isMap(value) && (Object.hasOwn(value, 'numeric') || Object.values(value).some(comparesNumbers));
}
