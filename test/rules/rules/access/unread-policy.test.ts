import { unreadPolicy } from '../../../../lib/rules/rules/access/unread-policy';
import { resourcePolicyPublic } from '../../../../lib/rules/rules/access/resource-policy-public';
import { judged } from '../../judged';

const statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };
const document = { Version: '2012-10-17', Statement: [statement] };
const stands = 'a policy statement is where no policy is known to be';

test.each([
  [
    'a type that is not known',
    { Type: 'AWS::New::Thing', Properties: { AccessRules: document } },
    'AccessRules.Statement.0',
  ],
  [
    'a statement without a document',
    { Type: 'Custom::Thing', Properties: { Rules: [{ Grants: [statement] }] } },
    'Rules.0.Grants.0',
  ],
  [
    'JSON text in JSON text',
    {
      Type: 'Custom::AWS',
      Properties: {
        Create: JSON.stringify({ action: 'putPolicy', parameters: { PolicyText: JSON.stringify(document) } }),
      },
    },
    'Create.parameters.PolicyText.Statement.0',
  ],
  [
    'text with substitutions',
    {
      Type: 'Custom::AWS',
      Properties: { Policy: { 'Fn::Sub': JSON.stringify({ Statement: { ...statement, Resource: '${Open}' } }) } },
    },
    'Policy.Statement.0',
  ],
  [
    'the other property of a type that is known',
    { Type: 'AWS::SQS::Queue', Properties: { Policy: document } },
    'Policy.Statement.0',
  ],
])('UnreadPolicy says that it cannot judge %s', (_, resource, property) => {
  const { findings, unknown } = judged(unreadPolicy, { Thing: resource });
  expect(findings).toEqual([]);
  expect(unknown).toEqual([`Thing ${property}: ${stands}`]);
});

test('UnreadPolicy says that it cannot judge text that is no JSON', () => {
  const text = {
    Type: 'AWS::SSM::Document',
    Properties: { Content: 'Statement:\n  - Effect: Allow\n' },
  };
  expect(judged(unreadPolicy, { Document: text }).unknown).toEqual([
    'Document Content: text that looks like a policy is not JSON, or has a name twice',
  ]);
});

test('UnreadPolicy does not mind policies that are read, code, and what only resembles a policy', () => {
  const others = {
    Queue: { Type: 'AWS::SQS::QueuePolicy', Properties: { Queues: ['q'], PolicyDocument: JSON.stringify(document) } },
    Fn: { Type: 'AWS::Lambda::Function', Properties: { Code: { ZipFile: "return { Effect: 'Allow' }" } } },
    Rule: { Type: 'AWS::Events::Rule', Properties: { EventPattern: { detail: { Effect: ['Allow'] } } } },
    Role: { Type: 'AWS::IAM::Role', Properties: { Policies: [{ PolicyDocument: document }] } },
  };
  expect(judged(unreadPolicy, others)).toEqual({ findings: [], unknown: [], failures: [] });
});

test('ResourcePolicyPublic refuses a statement for everybody wherever it stands', () => {
  const open = { ...statement, Principal: '*' };
  const thing = { Type: 'AWS::New::Thing', Properties: { AccessRules: { Statement: open } } };
  expect(judged(resourcePolicyPublic, { Thing: thing }).findings).toEqual([
    'Thing AccessRules.Statement.0: allows s3:GetObject to anyone',
  ]);
});
