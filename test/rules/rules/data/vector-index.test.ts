import { vectorIndex } from '../../../../lib/rules/rules/data/vector-index';
import { describeFaults, OPEN } from '../faults';
import { stores } from './templates';

describeFaults(vectorIndex, stores, [
  {
    mistake: 'a vector index on a provisioned table',
    change: { 'Orders.VectorIndexes': [{ IndexName: 'v', Dimensions: 1024 }], 'Orders.BillingMode': 'PROVISIONED' },
    message: 'has a vector index and is not on demand',
    open: { 'Orders.VectorIndexes': [{ IndexName: 'v', Dimensions: OPEN }], 'Orders.BillingMode': 'PAY_PER_REQUEST' },
  },
  {
    mistake: 'an index of 8,192 dimensions',
    change: { Vectors: { Type: 'AWS::S3Vectors::Index', Properties: { Dimension: 8192 } } },
    message: 'asks for 8192 dimensions, outside 1 to 4096',
  },
]);
