import { filterCatchAll } from '../../../../lib/rules/rules/events/filter-catch-all';
import { describeAccepted, describeFaults, OPEN } from '../faults';
import { streams } from '../streams/templates';

const filters = (...patterns: unknown[]) => ({
  'FirstMapping.FilterCriteria': { Filters: patterns.map((Pattern) => ({ Pattern })) },
});

describeFaults(filterCatchAll, streams, [
  {
    mistake: 'a filter on a field that every record has',
    change: filters('{"eventSource":[{"exists":true}]}'),
    message: 'has a filter that every record passes',
    openButFine: filters(OPEN),
  },
  {
    mistake: 'one of two filters, which then decides for both',
    change: filters('{"eventName":["INSERT"]}', '{"eventID":[{"exists":true}]}'),
    message: 'has a filter that every record passes',
  },
  {
    mistake: 'a choice of which one way is open',
    change: filters('{"$or":[{"eventName":["INSERT"]},{"awsRegion":[{"prefix":""}]}]}'),
    message: 'has a filter that every record passes',
  },
]);

describeAccepted(filterCatchAll, streams, [
  {
    accepts: 'a filter on a field that not every record has, and one that names a value',
    change: filters('{"dynamodb":{"NewImage":{"type":{"S":[{"exists":true}]}}}}', '{"awsRegion":["eu-west-1"]}'),
  },
]);
