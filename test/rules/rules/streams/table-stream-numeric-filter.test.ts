import { tableStreamNumericFilter } from '../../../../lib/rules/rules/streams/table-stream-numeric-filter';
import { judged } from '../../judged';
import { describeFaults, OPEN } from '../faults';
import { streamArn, streams } from './templates';

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

test('refuses the filter of a pipe', () => {
  const pattern = '{"dynamodb":{"NewImage":{"total":{"N":[{"numeric":[">",10]}]}}}}';
  const pipe = {
    Type: 'AWS::Pipes::Pipe',
    Properties: {
      Source: streamArn,
      SourceParameters: {
        DynamoDBStreamParameters: { StartingPosition: 'LATEST' },
        FilterCriteria: { Filters: [{ Pattern: pattern }] },
      },
    },
  };
  expect(judged(tableStreamNumericFilter, { Orders: streams.Orders, Pipe: pipe }).findings).toEqual([
    'Pipe SourceParameters.FilterCriteria.Filters.0.Pattern: compares numbers, which no record of a table’s stream has',
  ]);
});
