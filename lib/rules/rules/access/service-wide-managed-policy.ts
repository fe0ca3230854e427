import { ModelAccess } from '../../../core/iam/model-access';
import { once } from '../../lookups/statements';
import type { Rule, RuleContext } from '../../rule';

/** Managed policies that grant a whole service on every resource of the account. */
const SERVICE_WIDE = /(?:FullAccess|PowerUser|ReadWriteAccess)$|^(?:AmazonS3ReadOnlyAccess|SecretsManagerReadWrite)$/;

const ADMINISTRATOR = ['AdministratorAccess', 'PowerUserAccess', 'IAMFullAccess'];

export const serviceWideManagedPolicy: Rule = {
  id: 'ServiceWideManagedPolicy',
  severity: 'warning',
  title: 'A role has no managed policy for a whole service',
  why: 'It covers every resource of the service in the account, including other teams’, and AWS may widen it at any time.',
  fix: 'allow only the actions needed, on the resources they are needed for',
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html',
  check: (context) => once(judge(context)),
};

function* judge({ model }: RuleContext): ReturnType<typeof once> {
  for (const { policies } of ModelAccess.of(model).identities) {
    for (const { managed, holder: resource, property } of policies) {
      if (managed === undefined || ADMINISTRATOR.includes(managed) || !SERVICE_WIDE.test(managed)) continue;
      yield { resource, property, message: `has ${managed}`, detail: managed };
    }
  }
}
