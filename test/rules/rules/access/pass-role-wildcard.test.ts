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
  {
    mistake: 'handing out every role of the account',
    change: statement(allow('iam:PassRole', { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/*' })),
    message: 'may pass every role in the account to a service',
    openButFine: statement(allow('iam:PassRole', { 'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:role/app-*' })),
  },
]);
