import { filterUnknownField } from '../../../../lib/rules/rules/events/filter-unknown-field';
import { describeAccepted, describeFaults, OPEN } from '../faults';
import { streams } from '../streams/templates';

const filter = (pattern: unknown) => ({ 'FirstMapping.FilterCriteria': { Filters: [{ Pattern: pattern }] } });

describeFaults(filterUnknownField, streams, [
  {
    mistake: 'a field of the image in place of the record’s',
    change: filter('{"NewImage":{"type":{"S":["Order"]}}}'),
    message: "has a filter on 'NewImage', which no record of",
    openButFine: filter(OPEN),
  },
  {
    mistake: 'a field of a message, on a table',
    change: filter('{"$or":[{"eventName":["INSERT"]},{"body":{"kind":["order"]}}]}'),
    message: "has a filter on 'body'",
  },
]);

describeAccepted(filterUnknownField, streams, [
  { accepts: 'a field that must be absent', change: filter('{"eventName":["INSERT"],"legacy":[{"exists":false}]}') },
]);
