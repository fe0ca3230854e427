import { EDGE, VECTORS } from '../../lookups/edge-types';
import { each, type Rule } from '../../rule';

export const edgeProtection: Rule = {
  id: 'EdgeProtection',
  severity: 'warning',
  title: 'A D1 database, an R2 bucket and a vector index are protected',
  why: 'A renamed resource or a new name is a replacement: Pulumi deletes the old one, with all its data.',
  fix: 'set the resource option protect (or retainOnDelete) to true',
  source: 'https://www.pulumi.com/docs/iac/concepts/options/protect/',
  check: each([EDGE.database, EDGE.bucket, VECTORS], function* (store) {
    if (store.attributes.deletionPolicy === 'Retain') return;
    yield { resource: store, message: 'is deleted with its data when it is renamed or removed' };
  }),
};
