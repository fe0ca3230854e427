import { tableStreamNumericFilter } from '../../../../lib/rules/rules/streams/table-stream-numeric-filter';
import { describeFaults, OPEN } from '../faults';
import { streams } from './templates';

describeFaults(tableStreamNumericFilter, streams, [
  {
    mistake: 'a filter that compares numbers',
    change: {
      'FirstMapping.FilterCriteria': {
        Filters: [{ Pattern: '{"dynamodb":{"NewImage":{"total":{"N":[{"numeric":[">",10]}]}}}}' }],
      },
    },
    message: 'compares numbers',
    openButFine: { 'FirstMapping.FilterCriteria': { Filters: [{ Pattern: OPEN }] } },
  },
]);
