import { ModelAccess } from '../../../core/iam/model-access';
import { once, unread } from '../../lookups/statements';
import type { Rule } from '../../rule';

export const unreadPolicy: Rule = {
  id: 'UnreadPolicy',
  severity: 'warning',
  title: 'A policy is where it can be read',
  why: 'What a custom resource or an unknown type does with a policy is not known: it may allow anyone, and no rule would notice.',
  fix: 'use the CloudFormation resource for such a policy, or acknowledge it with what it grants',
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html',
  check: ({ model }) => once(ModelAccess.of(model).swept.map((one) => unread({ problem: UNKNOWN, ...one }))),
};

const UNKNOWN = 'a policy statement is where no policy is known to be';
