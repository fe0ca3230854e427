import { wildcardAction } from '../../../../lib/rules/rules/access/wildcard-action';
import { describeFaults, OPEN } from '../faults';
import { allow } from '../parts';
import { policies, statement } from './templates';

describeFaults(wildcardAction, policies, [
  {
    mistake: 'a whole service by its actions',
    change: statement(allow('sqs:*', 'arn:aws:sqs:eu-west-1:111122223333:jobs')),
    message: 'allows sqs:*',
    openButFine: statement(allow([OPEN as never], 'arn:aws:sqs:eu-west-1:111122223333:jobs')),
  },
]);
