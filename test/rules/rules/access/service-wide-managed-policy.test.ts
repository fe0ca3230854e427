import { serviceWideManagedPolicy } from '../../../../lib/rules/rules/access/service-wide-managed-policy';
import { describeFaults, OPEN } from '../faults';
import { policies } from './templates';

describeFaults(serviceWideManagedPolicy, policies, [
  {
    mistake: 'a whole service by a managed policy',
    change: { 'WorkerRole.ManagedPolicyArns': ['arn:aws:iam::aws:policy/AmazonS3FullAccess'] },
    message: 'has AmazonS3FullAccess',
    openButFine: { 'WorkerRole.ManagedPolicyArns': [OPEN] },
  },
]);
