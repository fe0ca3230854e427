import { tableRecovery } from '../../../../lib/rules/rules/data/table-recovery';
import { describeFaults, OPEN } from '../faults';
import { streams } from '../streams/templates';
import { stores } from './templates';

describeFaults(tableRecovery, stores, [
  {
    mistake: 'a table that cannot be restored',
    change: { 'Orders.PointInTimeRecoverySpecification': undefined },
    message: 'has no point-in-time recovery',
    open: { 'Orders.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled': OPEN },
  },
]);

describeFaults(tableRecovery, streams, [
  {
    mistake: 'a table that cannot be restored',
    change: { 'Orders.Replicas.0.PointInTimeRecoverySpecification': undefined },
    message: 'has no point-in-time recovery',
    open: { 'Orders.Replicas.0.PointInTimeRecoverySpecification': { PointInTimeRecoveryEnabled: OPEN } },
  },
]);
