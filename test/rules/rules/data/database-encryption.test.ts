import { databaseEncryption } from '../../../../lib/rules/rules/data/database-encryption';
import { describeAccepted, describeFaults, OPEN } from '../faults';
import { stores } from './templates';

describeFaults(databaseEncryption, stores, [
  {
    mistake: 'a database in the clear',
    change: { 'Cluster.StorageEncrypted': undefined },
    message: 'is not encrypted at rest',
    open: { 'Cluster.StorageEncrypted': OPEN },
  },
]);

describeFaults(databaseEncryption, stores, [
  {
    mistake: 'a database in the clear where it is not made of a snapshot',
    change: {
      'Cluster.StorageEncrypted': undefined,
      'Cluster.SnapshotIdentifier': { 'Fn::If': ['FromSnapshot', 's', { Ref: 'AWS::NoValue' }] },
    },
    message: 'is not encrypted at rest when not FromSnapshot',
  },
]);

describeAccepted(databaseEncryption, stores, [
  {
    accepts: 'one that is as its snapshot is',
    change: { 'Cluster.StorageEncrypted': undefined, 'Cluster.SnapshotIdentifier': 's' },
  },
]);
