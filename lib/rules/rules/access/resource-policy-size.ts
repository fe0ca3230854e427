import { policiesInExcess } from '../../../core/iam/policy-limits';
import type { Rule } from '../../rule';

/** A resource policy fits the size limit of its service. */
export const resourcePolicySize: Rule = {
  id: 'ResourcePolicySize',
  severity: 'error',
  title: 'A resource policy is within its service’s limits',
  why: 'No validator catches it: the deployment fails at the first statement too many. A queue takes 8 KB and 20 statements, a table, bucket or function 20 KB.',
  fix: 'cover many callers with one statement: a list of roles under aws:PrincipalArn, one permission for all routes of an API, aws:PrincipalOrgID instead of each account',
  source: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html',
  *check({ model }) {
    for (const { resource, property, certain, message } of policiesInExcess(model)) {
      yield { resource, ...(property && { property }), ...(certain ? { message } : { reason: message }) };
    }
  },
};
