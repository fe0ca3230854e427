import { deletionProtection } from '../../../../lib/rules/rules/data/deletion-protection';
import { describeFaults, OPEN } from '../faults';
import { streams } from '../streams/templates';
import { stores } from './templates';

describeFaults(deletionProtection, stores, [
  {
    mistake: 'a table that can be deleted',
    change: { 'Orders.DeletionProtectionEnabled': undefined },
    message: 'is not protected from deletion',
    open: { 'Cluster.DeletionProtection': OPEN },
  },
  {
    mistake: 'a user pool that can be deleted',
    change: { 'Pool.DeletionProtection': 'INACTIVE' },
    message: 'is not protected from deletion',
  },
]);

describeFaults(deletionProtection, streams, [
  {
    mistake: 'a table that can be deleted',
    change: { 'Orders.Replicas.0.DeletionProtectionEnabled': false },
    message: 'is not protected from deletion',
    open: { 'Orders.Replicas.0.DeletionProtectionEnabled': OPEN },
  },
]);
