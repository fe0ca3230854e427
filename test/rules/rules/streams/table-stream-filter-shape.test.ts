import { tableStreamFilterShape } from '../../../../lib/rules/rules/streams/table-stream-filter-shape';
import { changed, describeFaults, modelOf, OPEN } from '../faults';
import { judged, quiet } from '../../judged';
import { streams } from './templates';

const filter = (pattern: object) => ({ Filters: [{ Pattern: JSON.stringify(pattern) }] });
const by = (pattern: object) => ({ 'FirstMapping.FilterCriteria': filter(pattern) });

describeFaults(tableStreamFilterShape, streams, [
  {
    mistake: 'an attribute without its type',
    change: by({ dynamodb: { NewImage: { status: ['paid'] } } }),
    message: 'compares NewImage.status itself, which is an object with the type of its value',
    open: { 'FirstMapping.FilterCriteria': { Filters: [{ Pattern: OPEN }] } },
  },
  {
    mistake: 'the existence of an attribute without its type',
    change: by({ dynamodb: { NewImage: { coupon: [{ exists: true }] } } }),
    message: 'compares NewImage.coupon itself',
  },
  {
    mistake: 'a number that is none in the stream',
    change: by({ dynamodb: { NewImage: { total: { N: [12] } } } }),
    message: 'compares NewImage.total.N with [12], where a record has a string',
  },
  {
    mistake: 'a nested attribute without the types between',
    change: by({ dynamodb: { NewImage: { data: { kind: ['paid'] } } } }),
    message: 'asks for NewImage.data.kind, where a record has the type of the value',
  },
  {
    mistake: 'a nested attribute without its own type',
    change: by({ dynamodb: { NewImage: { data: { M: { kind: ['paid'] } } } } }),
    message: 'compares NewImage.data.M.kind itself',
  },
  {
    mistake: 'a text that is written as true',
    change: by({ dynamodb: { NewImage: { paid: { BOOL: ['true'] } } } }),
    message: 'compares NewImage.paid.BOOL with ["true"], where a record has a boolean',
  },
  {
    mistake: 'what is not in a change',
    change: by({ dynamodb: { Image: { status: { S: ['paid'] } } } }),
    message: 'asks for dynamodb.Image, which no record of a table’s stream has',
  },
  {
    mistake: 'an image that the stream does not carry',
    change: by({ dynamodb: { OldImage: { status: { S: ['paid'] } } } }),
    message: 'asks for OldImage, which the stream of the table does not carry',
  },
]);

test.each([
  [{ eventName: ['INSERT'], dynamodb: { NewImage: { type: { S: ['OrderPlaced', { prefix: 'Order' }] } } } }],
  [{ userIdentity: { type: ['Service'], principalId: ['dynamodb.amazonaws.com'] } }],
  [{ dynamodb: { NewImage: { coupon: [{ exists: false }] }, OldImage: { id: [{ exists: false }] } } }],
  [{ dynamodb: { NewImage: { data: { M: { paid: { BOOL: [true] }, lines: { L: ['x'] } } } } } }],
  [{ $or: [{ eventName: ['INSERT'] }, { dynamodb: { Keys: { id: { S: ['x'] } } } }] }],
])('accepts %j', (pattern) => {
  expect(judged(tableStreamFilterShape, modelOf(changed(streams, by(pattern))))).toEqual(quiet);
});

test('refuses the filter of a pipe', () => {
  const pipe = {
    Type: 'AWS::Pipes::Pipe',
    Properties: {
      Source: { 'Fn::GetAtt': ['Orders', 'StreamArn'] },
      SourceParameters: {
        DynamoDBStreamParameters: { StartingPosition: 'TRIM_HORIZON' },
        FilterCriteria: filter({ dynamodb: { NewImage: { status: ['paid'] } } }),
      },
    },
  };
  expect(judged(tableStreamFilterShape, { Orders: streams.Orders, Pipe: pipe }).findings).toEqual([
    'Pipe SourceParameters.FilterCriteria.Filters.0.Pattern: compares NewImage.status itself, which is an object with the type of its value',
  ]);
});
