import { filterUnknownField } from '../../../../lib/rules/rules/events/filter-unknown-field';
import { arn, describeAccepted, describeFaults, OPEN } from '../faults';
import { allow } from '../parts';
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
  {
    mistake: 'a field of a message, on a stream that is read by a consumer',
    change: {
      ...filter('{"body":{"kind":["order"]}}'),
      Fan: { Type: 'AWS::Kinesis::StreamConsumer', Properties: { ConsumerName: 'fan', StreamARN: arn('Clicks') } },
      'FirstMapping.EventSourceArn': { 'Fn::GetAtt': ['Fan', 'ConsumerARN'] },
      'FirstRole.Policies.0.PolicyDocument.Statement.2': allow('kinesis:SubscribeToShard', {
        'Fn::GetAtt': ['Fan', 'ConsumerARN'],
      }),
    },
    message: "has a filter on 'body', which no record of Shop/Clicks has",
  },
]);

describeAccepted(filterUnknownField, streams, [
  { accepts: 'a field that must be absent', change: filter('{"eventName":["INSERT"],"legacy":[{"exists":false}]}') },
]);
