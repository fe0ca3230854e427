import { allowNotAction } from '../../../../lib/rules/rules/access/allow-not-action';
import { describeFaults, OPEN } from '../faults';
import { policies, statement } from './templates';

describeFaults(allowNotAction, policies, [
  {
    mistake: 'a permission by exclusion',
    change: statement({ Effect: 'Allow', NotAction: 'iam:*', Resource: 'arn:aws:sqs:eu-west-1:111122223333:jobs' }),
    message: 'allows everything except its NotAction',
    openButFine: statement({ Effect: 'Deny', NotAction: OPEN, Resource: '*' }),
  },
]);
