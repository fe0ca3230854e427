import { policiesInExcess } from '../../../core/iam/policy-limits';
import type { Rule } from '../../rule';

/** A resource policy fits into what its service takes. */
export const resourcePolicySize: Rule = {
  id: 'ResourcePolicySize',
  severity: 'error',
  title: 'A resource policy is no larger than its service takes',
  why: 'AWS alone refuses it, and the deployment fails at the statement that is one too many: 8 KB and 20 statements for a queue, 20 KB for a table, bucket or function.',
  fix: 'let one statement speak of many: a list of roles under aws:PrincipalArn, one permission for all routes of an API, aws:PrincipalOrgID in place of each account',
  source: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html',
  *check({ model }) {
    for (const { resource, property, certain, message } of policiesInExcess(model)) {
      yield { resource, ...(property && { property }), ...(certain ? { message } : { reason: message }) };
    }
  },
};
