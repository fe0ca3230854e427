import { tableAttributes } from '../../../../lib/rules/rules/data/table-attributes';
import { changed, describeAccepted, describeFaults, inProduction, OPEN } from '../faults';
import { stores } from './templates';

const key = (AttributeName: unknown, KeyType = 'HASH') => ({ AttributeName, KeyType });
const declared = (AttributeName: unknown) => ({ AttributeName, AttributeType: 'S' });
const byCustomer = { IndexName: 'byCustomer', KeySchema: [key('customer')], Projection: { ProjectionType: 'ALL' } };

const indexed = changed(stores, {
  'Orders.AttributeDefinitions': [declared('id'), declared('customer')],
  'Orders.KeySchema': [key('id')],
  'Orders.GlobalSecondaryIndexes': [byCustomer],
});

describeFaults(tableAttributes, indexed, [
  {
    mistake: 'an index on an attribute that is not declared',
    change: { 'Orders.AttributeDefinitions': [declared('id')] },
    message: 'has the key customer, which it does not declare',
    open: { 'Orders.AttributeDefinitions': [declared('id'), declared(OPEN)] },
  },
  {
    mistake: 'an attribute that is in no key',
    change: { 'Orders.AttributeDefinitions': [declared('id'), declared('customer'), declared('total')] },
    message: 'declares total, which is in no key',
    open: { 'Orders.GlobalSecondaryIndexes': OPEN },
  },
]);

describeAccepted(tableAttributes, indexed, [
  {
    accepts: 'an index in production alone, whose attribute is always declared',
    change: { 'Orders.GlobalSecondaryIndexes': [inProduction(byCustomer)] },
  },
  {
    accepts: 'a name that is known only at deployment, on both sides',
    change: {
      'Orders.AttributeDefinitions': [declared(OPEN), declared('customer')],
      'Orders.KeySchema': [key(OPEN)],
    },
  },
  {
    accepts: 'an index and its attribute in production alone',
    change: {
      'Orders.AttributeDefinitions': inProduction([declared('id'), declared('customer')], [declared('id')]),
      'Orders.GlobalSecondaryIndexes': inProduction([byCustomer]),
    },
  },
]);
