import { identityPolicies } from '../../../core/facts';
import { managedPoliciesInExcess } from '../../../core/iam/identity-limits';
import type { Rule } from '../../rule';

export const managedPolicyCount: Rule = {
  id: 'ManagedPolicyCount',
  severity: 'error',
  title: 'A role, user or group has at most ten managed policies',
  why: 'IAM attaches no more by default, and the deployment fails at the next one.',
  fix: 'merge policies, or have the quota of the account raised',
  source: identityPolicies.source,
  *check({ model }) {
    for (const { resource, certain, message } of managedPoliciesInExcess(model)) {
      yield { resource, property: 'ManagedPolicyArns', ...(certain ? { message } : { reason: message }) };
    }
  },
};
