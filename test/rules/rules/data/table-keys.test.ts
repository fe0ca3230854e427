import { tableKeys } from '../../../../lib/rules/rules/data/table-keys';
import { describeAccepted, describeFaults, inProduction, OPEN } from '../faults';
import { stores } from './templates';

const hash = (AttributeName = 'id') => ({ AttributeName, KeyType: 'HASH' });
const range = (AttributeName = 'time') => ({ AttributeName, KeyType: 'RANGE' });
const index = (keys: object[], more: object = {}) => [{ IndexName: 'a', KeySchema: keys, ...more }];

describeFaults(tableKeys, stores, [
  {
    mistake: 'two partition keys',
    change: { 'Orders.KeySchema': [hash(), hash('other')] },
    message: 'has 2 partition keys',
    open: { 'Orders.KeySchema': [hash(), { AttributeName: 'a', KeyType: OPEN }] },
  },
  { mistake: 'a sort key alone', change: { 'Orders.KeySchema': [range()] }, message: 'has no partition key' },
  {
    mistake: 'a sort key before the partition key',
    change: { 'Orders.KeySchema': [range(), hash()] },
    message: 'has its sort key before its partition key',
  },
  {
    mistake: 'two sort keys of a local index',
    change: { 'Orders.LocalSecondaryIndexes': index([hash(), range(), range('b')]) },
    message: 'has 2 sort keys',
  },
  {
    mistake: 'capacity of a table that is paid by request, in production',
    change: {
      'Orders.BillingMode': inProduction('PAY_PER_REQUEST', 'PROVISIONED'),
      'Orders.ProvisionedThroughput': { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
    },
    message: 'sets capacity on an on-demand table when IsProduction',
  },
]);

describeAccepted(tableKeys, stores, [
  { accepts: 'a partition key and a sort key', change: { 'Orders.KeySchema': [hash(), range()] } },
  {
    accepts: 'a global index of several attributes',
    change: { 'Orders.GlobalSecondaryIndexes': index([hash(), hash('a'), range(), range('b')]) },
  },
  {
    accepts: 'capacity where it is provisioned',
    change: {
      'Orders.BillingMode': inProduction('PAY_PER_REQUEST', 'PROVISIONED'),
      'Orders.ProvisionedThroughput': inProduction(
        { Ref: 'AWS::NoValue' },
        { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
      ),
    },
  },
]);
