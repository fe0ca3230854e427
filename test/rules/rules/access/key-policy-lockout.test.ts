import { keyPolicyLockout } from '../../../../lib/rules/rules/access/key-policy-lockout';
import { arn, describeAccepted, describeFaults, inProduction, OPEN } from '../faults';
import { goodRole } from '../parts';

const root = { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root' };
const administer = { Effect: 'Allow', Principal: { AWS: root }, Action: 'kms:*', Resource: '*' };
const ofService = {
  Effect: 'Allow',
  Principal: { Service: 'sns.amazonaws.com' },
  Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
  Resource: '*',
  Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
};

const keys = {
  Key: {
    Type: 'AWS::KMS::Key',
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: { EnableKeyRotation: true, KeyPolicy: { Statement: [administer, ofService] } },
  },
  Admin: goodRole('lambda.amazonaws.com', []),
};
const statements = (...list: unknown[]) => ({ 'Key.KeyPolicy.Statement': list });
const NOBODY = 'lets nobody in its account change it';

describeFaults(keyPolicyLockout, keys, [
  {
    mistake: 'a key for a service alone',
    change: statements(ofService),
    message: NOBODY,
    open: { ...statements(ofService), 'Key.BypassPolicyLockoutSafetyCheck': OPEN },
  },
  {
    mistake: 'an account that may use the key but not administer it',
    change: { 'Key.KeyPolicy.Statement.0.Action': ['kms:Decrypt', 'kms:Describe*'] },
    message: NOBODY,
    open: statements(OPEN, ofService),
  },
  {
    mistake: 'an account whose actions do not include the policy',
    change: { 'Key.KeyPolicy.Statement.0.Action': { 'Fn::Sub': 'kms:Enable*' } },
    message: NOBODY,
    open: { 'Key.KeyPolicy.Statement.0.Action': ['kms:Decrypt', OPEN] },
  },
  {
    mistake: 'a key for a role that the stack itself makes',
    change: { 'Key.KeyPolicy.Statement.0.Principal': { AWS: arn('Admin') } },
    message: NOBODY,
  },
  {
    mistake: 'a key that everybody is denied to change',
    change: statements(administer, { Effect: 'Deny', Principal: '*', Action: 'kms:Put*', Resource: '*' }),
    message: NOBODY,
  },
  {
    mistake: 'a key that only production may change',
    change: statements(inProduction(administer), ofService),
    message: `${NOBODY} when not IsProduction`,
  },
]);

describeAccepted(keyPolicyLockout, keys, [
  {
    accepts: 'an administrator outside the template',
    change: { 'Key.KeyPolicy.Statement.0.Principal': { AWS: OPEN } },
  },
  {
    accepts: 'a denial for some',
    change: statements(administer, {
      Effect: 'Deny',
      Principal: '*',
      Action: 'kms:*',
      Resource: '*',
      Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-1' } },
    }),
  },
  { accepts: 'the policy of KMS', change: { 'Key.KeyPolicy': undefined } },
  {
    accepts: 'a key that is meant to be out of reach',
    change: { ...statements(ofService), 'Key.BypassPolicyLockoutSafetyCheck': true },
  },
]);
