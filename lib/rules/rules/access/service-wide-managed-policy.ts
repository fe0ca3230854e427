import { at, items } from '../../../core/model/select';
import { IDENTITIES } from '../../lookups/identity-statements';
import { managedPolicyNamed } from '../../lookups/managed-policies';
import { type Rule } from '../../rule';

/** Managed policies that give a whole service, over all of an account's resources. */
const SERVICE_WIDE = /(?:FullAccess|PowerUser|ReadWriteAccess)$|^(?:AmazonS3ReadOnlyAccess|SecretsManagerReadWrite)$/;

const ADMINISTRATOR = ['AdministratorAccess', 'PowerUserAccess', 'IAMFullAccess'];

/** A role has no managed policy that gives it a whole service. */
export const serviceWideManagedPolicy: Rule = {
  id: 'ServiceWideManagedPolicy',
  severity: 'warning',
  title: 'A role has no managed policy for a whole service',
  why: 'It covers every resource of the service in the account, those of other teams too, and AWS may widen it any day.',
  fix: 'allow the actions that are needed, on the resources that are meant',
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html',
  *check({ model }) {
    for (const identity of model.ofType(...IDENTITIES)) {
      for (const [index, policy] of items(at(identity, 'ManagedPolicyArns')).entries()) {
        const name = managedPolicyNamed(policy);
        if (name === undefined || ADMINISTRATOR.includes(name) || !SERVICE_WIDE.test(name)) continue;
        yield { resource: identity, property: `ManagedPolicyArns.${index}`, message: `has ${name}`, detail: name };
      }
    }
  },
};
