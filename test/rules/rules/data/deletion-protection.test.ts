import { deletionProtection } from '../../../../lib/rules/rules/data/deletion-protection';
import { changed, describeFaults, judgeAll, modelOf, OPEN } from '../faults';
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

test('DeletionProtection names each replica that is not protected', () => {
  const replicas = [
    { Region: { Ref: 'AWS::Region' }, DeletionProtectionEnabled: true },
    { Region: 'eu-central-1', DeletionProtectionEnabled: false },
    { Region: 'us-east-1' },
  ];
  const { findings } = judgeAll(modelOf(changed(streams, { 'Orders.Replicas': replicas })), [deletionProtection]);
  expect(findings).toEqual([
    'DeletionProtection Orders: has a replica in eu-central-1 that is not protected from deletion',
    'DeletionProtection Orders: has a replica in us-east-1 that is not protected from deletion',
  ]);
});
