import { databaseBackup } from '../../../../lib/rules/rules/data/database-backup';
import { describeFaults, OPEN } from '../faults';
import { stores } from './templates';

describeFaults(databaseBackup, stores, [
  {
    mistake: 'a database without backups',
    change: { 'Cluster.BackupRetentionPeriod': 0 },
    message: 'is never backed up',
    open: { 'Cluster.BackupRetentionPeriod': OPEN },
  },
]);
