import { identityPolicySize } from '../../../../lib/rules/rules/access/identity-policy-size';
import { changed, describeAccepted, describeFaults, judgeAll, modelOf } from '../faults';
import { allow } from '../parts';
import { policies } from './templates';

const table = (index: number) => `arn:aws:dynamodb:eu-west-1:111122223333:table/orders-${index}`;
const tables = (count: number) => Array.from({ length: count }, (_, index) => table(index));
const reading = (count: number) => allow('dynamodb:GetItem', tables(count));
const inline = (count: number) => ({ PolicyName: `Of${count}`, PolicyDocument: { Statement: [reading(count)] } });
const managed = (document: unknown) => ({
  Managed: { Type: 'AWS::IAM::ManagedPolicy', Properties: { Roles: [{ Ref: 'Deploy' }], PolicyDocument: document } },
});
const user = (count: number) => ({
  Robot: { Type: 'AWS::IAM::User', Properties: { Policies: [inline(count)] } },
});
const parameters = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ 'Fn::Sub': `${table(index)}-\${Open}` }));

describeFaults(identityPolicySize, policies, [
  {
    mistake: 'two policies of a role of 12 KB together',
    change: { 'Deploy.Policies': [inline(100), inline(110)] },
    message: 'has 2 inline policies of',
    open: { 'Deploy.Policies': [inline(140), { 'Fn::If': ['IsProduction', inline(100), { Ref: 'AWS::NoValue' }] }] },
  },
  {
    mistake: 'a policy of its own and one that is attached',
    change: { 'WorkerRole.Policies.1': inline(100), 'Policy.PolicyDocument.Statement': [reading(110)] },
    message: 'more than the 10240 that IAM takes in a role',
  },
  { mistake: 'a user with 3 KB', change: user(60), message: 'more than the 2048 that IAM takes in a user' },
  {
    mistake: 'a managed policy of 7 KB',
    change: managed({ Statement: [reading(130)] }),
    message: 'has a managed policy of 7',
    open: managed({ Statement: [allow('dynamodb:GetItem', parameters(70))] }),
  },
  {
    mistake: 'a trust policy of 3 KB',
    change: {
      'Deploy.AssumeRolePolicyDocument.Statement.0.Condition.StringLike': {
        'token.actions.githubusercontent.com:sub': Array.from(
          { length: 70 },
          (_, index) => `repo:acme/service-${index}:ref:refs/heads/main`,
        ),
      },
    },
    message: 'more than the 2048 that IAM takes unless the quota was raised, to 8192 at most',
  },
]);

describeAccepted(identityPolicySize, policies, [
  {
    accepts: 'white space beyond the limit',
    change: managed(JSON.stringify({ Statement: [reading(80)] }, undefined, 60)),
  },
  { accepts: 'a role with 9 KB', change: { 'Deploy.Policies': [inline(80), inline(70)] } },
]);

test('measures a parameter that has the name of an object’s member', () => {
  const document = { Statement: [allow('dynamodb:GetItem', [table(1), { Ref: 'constructor' }])] };
  const model = modelOf(changed(policies, managed(document)), { constructor: { Type: 'String' } });
  expect(judgeAll(model, [identityPolicySize])).toEqual({ findings: [], unknown: [], failures: [] });
});
