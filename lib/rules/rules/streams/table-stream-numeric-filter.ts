import { isList, isMap } from '../../../core/model/select';
import type { Value } from '../../../core/model/values';
import { tableStreamFilters } from '../../lookups/stream-filters';
import type { Rule } from '../../rule';

export const tableStreamNumericFilter: Rule = {
  id: 'TableStreamNumericFilter',
  severity: 'error',
  title: 'A filter on a table’s stream does not compare numbers',
  why: 'Numbers are text in a stream record ({"N": "12"}): a numeric filter matches nothing, and the function is never called.',
  fix: 'compare the text ({"N": ["12"]}), or filter in the handler',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/with-ddb-filtering.html',
  *check({ model }) {
    for (const { reader, property, pattern } of tableStreamFilters(model)) {
      if (pattern === undefined || !comparesNumbers(pattern)) continue;
      yield {
        resource: reader,
        property,
        message: 'compares numbers, which no record of a table’s stream has',
        detail: property.replace(/\.Pattern$/, ''),
      };
    }
  },
};

function comparesNumbers(value: Value): boolean {
  if (isList(value)) return value.some(comparesNumbers);
  return isMap(value) && (Object.hasOwn(value, 'numeric') || Object.values(value).some(comparesNumbers));
}
