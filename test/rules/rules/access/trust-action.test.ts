import { trustAction } from '../../../../lib/rules/rules/access/trust-action';
import { describeFaults, OPEN } from '../faults';
import { policies } from './templates';

describeFaults(trustAction, policies, [
  {
    mistake: 'a role that is assumed by any action',
    change: { 'WorkerRole.AssumeRolePolicyDocument.Statement.0.Action': 'sts:*' },
    message: 'may be assumed by sts:*',
    openButFine: { 'WorkerRole.AssumeRolePolicyDocument.Statement.0.Principal': { Service: OPEN } },
  },
  {
    mistake: 'a role that is assumed by everything',
    change: { 'WorkerRole.AssumeRolePolicyDocument.Statement.0.Action': '*' },
    message: 'may be assumed by *',
  },
]);
