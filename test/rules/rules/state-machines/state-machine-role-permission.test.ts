import { stateMachineRolePermission } from '../../../../lib/rules/rules/state-machines/state-machine-role-permission';
import { arn, describeFaults, OPEN } from '../faults';
import { definitionAsText, definitionWithSubstitutions, stateMachines } from './templates';

describeFaults(stateMachineRolePermission, stateMachines, [
  {
    mistake: 'a role that may not call the function',
    change: { 'MachineRole.Policies.0.PolicyDocument.Statement.0.Action': 'lambda:GetFunction' },
    message: 'has Pay call Shop/Pay, but its role lacks lambda:InvokeFunction',
    open: { 'Machine.RoleArn': OPEN },
  },
  {
    mistake: 'a role that may not send to the queue',
    change: { 'MachineRole.Policies.0.PolicyDocument.Statement.1.Resource': arn('QuestionsDead') },
    message: 'has Ask call Shop/Questions, but its role lacks sqs:SendMessage',
  },
]);

describeFaults(stateMachineRolePermission, definitionAsText, [
  {
    mistake: 'a role that may not call the function',
    change: { 'MachineRole.Policies.0.PolicyDocument.Statement.0.Action': 'lambda:GetFunction' },
    message: 'has Pay call Shop/Pay, but its role lacks lambda:InvokeFunction',
  },
]);

describeFaults(stateMachineRolePermission, definitionWithSubstitutions, [
  {
    mistake: 'a role that may not call the function',
    change: { 'MachineRole.Policies.0.PolicyDocument.Statement.0.Action': 'lambda:GetFunction' },
    message: 'has Pay call Shop/Pay, but its role lacks lambda:InvokeFunction',
  },
]);
