import { identityPolicies } from '../../../core/facts';
import { identityPoliciesInExcess } from '../../../core/iam/identity-limits';
import type { Rule } from '../../rule';

export const identityPolicySize: Rule = {
  id: 'IdentityPolicySize',
  severity: 'error',
  title: 'The policies of a role, user or group are within IAM’s limits',
  why: 'IAM refuses them at the deployment: a role takes 10,240 characters of inline policies together, a managed policy 6,144.',
  fix: 'merge statements and use wildcards within one resource, or move part into a managed policy',
  source: identityPolicies.source,
  *check({ model }) {
    for (const { resource, property, certain, message } of identityPoliciesInExcess(model)) {
      yield { resource, ...(property && { property }), ...(certain ? { message } : { reason: message }) };
    }
  },
};
