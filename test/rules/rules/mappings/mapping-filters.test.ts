import { mappingFilters } from '../../../../lib/rules/rules/mappings/mapping-filters';
import { describeFaults, OPEN } from '../faults';
import { queues } from '../queues/templates';

describeFaults(mappingFilters, queues, [
  {
    mistake: 'six filters',
    change: {
      'Mapping.FilterCriteria': { Filters: Array.from({ length: 6 }, () => ({ Pattern: '{"body":{"a":["b"]}}' })) },
    },
    message: 'has 6 filters, more than 5',
    openButFine: { 'Mapping.FilterCriteria': { Filters: [{ Pattern: OPEN }] } },
  },
]);
