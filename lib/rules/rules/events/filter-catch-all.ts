import { matchesEverything, recordFilters } from '../../lookups/filters';
import type { Rule } from '../../rule';

export const filterCatchAll: Rule = {
  id: 'FilterCatchAll',
  severity: 'warning',
  title: 'A filter of a mapping or a pipe is selective',
  why: 'Several filters are combined with OR: one that every record passes lets everything through, whatever the others say.',
  fix: 'say which records are wanted, or leave the filters out',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html',
  *check({ model }) {
    for (const { resource, property, pattern } of recordFilters(model)) {
      if (pattern === undefined || pattern === 'none' || !matchesEverything(pattern)) continue;
      yield { resource, property, message: 'has a filter that every record passes', detail: property };
    }
  },
};
