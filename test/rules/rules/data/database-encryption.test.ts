import { databaseEncryption } from '../../../../lib/rules/rules/data/database-encryption';
import { describeFaults, OPEN } from '../faults';
import { stores } from './templates';

describeFaults(databaseEncryption, stores, [
  {
    mistake: 'a database in the clear',
    change: { 'Cluster.StorageEncrypted': undefined },
    message: 'is not encrypted at rest',
    open: { 'Cluster.StorageEncrypted': OPEN },
  },
]);
