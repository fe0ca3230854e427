import { eventSource } from '../../../core/facts';
import { at, eachBranch, inWords, isList } from '../../../core/model/select';
import { each, type Rule } from '../../rule';

const [LIMIT, RAISED] = [eventSource.filters.value, eventSource.filtersRaised.value];

export const mappingFilters: Rule = {
  id: 'MappingFilters',
  severity: 'error',
  title: `A mapping has at most ${LIMIT} filters`,
  why: `Lambda rejects the deployment, unless the account’s quota was raised (to ${RAISED} at most).`,
  fix: 'put several values into one filter: a list of values matches any of them',
  source: eventSource.filters.source,
  check: each(['AWS::Lambda::EventSourceMapping'], function* (mapping) {
    for (const { value, when } of eachBranch(at(mapping, 'FilterCriteria.Filters'))) {
      if (!isList(value) || value.length <= LIMIT) continue;
      yield {
        resource: mapping,
        property: 'FilterCriteria.Filters',
        message: `has ${value.length} filters, more than ${LIMIT}${inWords(when)}`,
      };
    }
  }),
};
