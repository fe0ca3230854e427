import { connectCondition } from '../../../../lib/rules/rules/databases/connect-condition';
import { describeFaults, OPEN } from '../faults';
import { pooled } from './templates';

describeFaults(connectCondition, pooled, [
  {
    mistake: 'a condition on a permission to connect',
    change: {
      'MigrateRole.Policies.0.PolicyDocument.Statement.2.Condition': { StringEquals: { 'aws:SourceVpc': 'vpc-1' } },
    },
    message: 'makes connecting depend on aws:sourcevpc',
    open: { 'MigrateRole.Policies.0.PolicyDocument.Statement.2.Condition': OPEN },
    openButFine: { 'MigrateRole.Policies.0.PolicyDocument.Statement.2.Resource': OPEN },
  },
  {
    mistake: 'a condition on what a pattern allows',
    change: {
      'MigrateRole.Policies.0.PolicyDocument.Statement.2.Action': 'rds*:connect',
      'MigrateRole.Policies.0.PolicyDocument.Statement.2.Condition': { StringEquals: { 'aws:SourceVpc': 'vpc-1' } },
    },
    message: 'makes connecting depend on aws:sourcevpc',
  },
]);
