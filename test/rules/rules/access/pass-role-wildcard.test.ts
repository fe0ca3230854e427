import { passRoleWildcard } from '../../../../lib/rules/rules/access/pass-role-wildcard';
import { describeFaults, OPEN } from '../faults';
import { allow } from '../parts';
import { policies, statement } from './templates';

describeFaults(passRoleWildcard, policies, [
  {
    mistake: 'handing out every role',
    change: statement(allow('iam:PassRole', '*', { StringEquals: { 'aws:ResourceTag/team': 'shop' } })),
    message: 'may pass every role in the account to a service',
    openButFine: statement(allow('iam:PassRole', OPEN)),
  },
]);
