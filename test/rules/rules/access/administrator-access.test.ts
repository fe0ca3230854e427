import { administratorAccess } from '../../../../lib/rules/rules/access/administrator-access';
import { describeFaults, inProduction, OPEN } from '../faults';
import { allow } from '../parts';
import { policies, statement } from './templates';

describeFaults(administratorAccess, policies, [
  {
    mistake: 'a role with AdministratorAccess',
    change: {
      'WorkerRole.ManagedPolicyArns': [{ 'Fn::Sub': 'arn:${AWS::Partition}:iam::aws:policy/AdministratorAccess' }],
    },
    message: 'has AdministratorAccess',
    openButFine: { 'WorkerRole.ManagedPolicyArns': [OPEN] },
  },
  {
    mistake: 'every action on everything',
    change: statement(allow('*', '*')),
    message: 'allows every action on everything',
  },
  {
    mistake: 'an administrator in one branch of a condition',
    change: { 'WorkerRole.ManagedPolicyArns': inProduction([], ['arn:aws:iam::aws:policy/AdministratorAccess']) },
    message: 'has AdministratorAccess',
  },
]);
