import { administratorAccess } from '../../../../lib/rules/rules/access/administrator-access';
import { changed, describeAccepted, describeFaults, inProduction, judgeAll, modelOf, OPEN } from '../faults';
import { allow } from '../parts';
import { policies, statement } from './templates';

const Boundary = {
  Type: 'AWS::IAM::ManagedPolicy',
  Properties: { ManagedPolicyName: 'boundary', PolicyDocument: { Statement: [allow('*', '*')] } },
};
const bounded = { ...changed(policies, { 'WorkerRole.PermissionsBoundary': { Ref: 'Boundary' } }), Boundary };

test('no rule takes what a permissions boundary allows for a grant', () => {
  const { findings, unknown, failures } = judgeAll(modelOf(bounded));
  expect({ findings, unknown, failures }).toEqual({ findings: [], unknown: [], failures: [] });
});

describeFaults(administratorAccess, bounded, [
  {
    mistake: 'a boundary that a role also has as a policy',
    change: { 'Deploy.ManagedPolicyArns': ['arn:aws:iam::aws:policy/ReadOnlyAccess', { Ref: 'Boundary' }] },
    message: 'allows every action on everything',
  },
  {
    mistake: 'a boundary that a permission set also has as a policy',
    change: {
      Operators: {
        Type: 'AWS::SSO::PermissionSet',
        Properties: {
          InstanceArn: 'arn:aws:sso:::instance/ssoins-1',
          Name: 'Operators',
          CustomerManagedPolicyReferences: [{ Name: 'boundary' }],
        },
      },
    },
    message: 'allows every action on everything',
  },
  {
    mistake: 'a boundary that attaches itself',
    change: { 'Boundary.Groups': ['operators'] },
    message: 'allows every action on everything',
  },
]);

describeAccepted(administratorAccess, { ...policies, Boundary }, [
  {
    accepts: 'a boundary that new roles must have',
    change: statement(
      allow('iam:CreateRole', 'arn:aws:iam::111122223333:role/app/*', {
        StringEquals: { 'iam:PermissionsBoundary': { Ref: 'Boundary' } },
      }),
    ),
  },
]);

describeFaults(administratorAccess, policies, [
  {
    mistake: 'a managed policy that is attached to nobody yet',
    change: { Boundary },
    message: 'allows every action on everything',
  },
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
