import { eventStoreAppendOnly } from '../../../../lib/rules/rules/data/event-store-append-only';
import { judged, quiet } from '../../judged';
import { arn, describeFaults, modelOf, OPEN } from '../faults';
import { allow, goodFunction } from '../parts';

const events = {
  Type: 'AWS::DynamoDB::GlobalTable',
  Properties: {
    KeySchema: [
      { AttributeName: 'id', KeyType: 'HASH' },
      { AttributeName: 'version', KeyType: 'RANGE' },
    ],
    AttributeDefinitions: [
      { AttributeName: 'id', AttributeType: 'S' },
      { AttributeName: 'version', AttributeType: 'N' },
    ],
    StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
    Replicas: [
      {
        Region: 'eu-west-1',
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      },
    ],
  },
};
const writer = (actions: string | string[], resource: unknown = arn('Events')) =>
  goodFunction('Writer', [allow(actions as string, resource as never)]);
const good = { Events: events, ...writer(['dynamodb:PutItem', 'dynamodb:Query']) };

describeFaults(eventStoreAppendOnly, good, [
  {
    mistake: 'somebody who may update events',
    change: writer(['dynamodb:PutItem', 'dynamodb:UpdateItem']),
    message: 'may UpdateItem on Shop/Events, whose items are events',
  },
  {
    mistake: 'somebody who may write in batches, and so delete in them',
    change: writer('dynamodb:BatchWriteItem'),
    message: 'may BatchWriteItem on Shop/Events',
  },
  {
    mistake: 'somebody who may delete by PartiQL',
    change: writer('dynamodb:PartiQLDelete'),
    message: 'may PartiQLDelete on Shop/Events',
  },
]);

test('refuses a wildcard that covers the table, and cannot judge what it cannot read', () => {
  const { findings } = judged(eventStoreAppendOnly, { Events: events, ...writer('dynamodb:DeleteItem', '*') });
  expect(findings).toEqual([expect.stringContaining('may DeleteItem on T/Events, whose items are events')]);
  const open = judged(eventStoreAppendOnly, modelOf({ Events: events, ...writer(OPEN as never) }));
  expect(open.findings).toEqual([]);
  expect(open.unknown).not.toEqual([]);
});

test('has nothing to say of a table that is no event store', () => {
  const table = structuredClone(events);
  table.Properties.AttributeDefinitions[1]!.AttributeType = 'S';
  expect(judged(eventStoreAppendOnly, { Events: table, ...writer('dynamodb:UpdateItem') })).toEqual(quiet);
});
