import { describeFaults, inProduction, OPEN } from './faults';
import { allow, goodFunction, goodRole } from './parts';

const base = {
  ...goodFunction('Worker', [allow(['dynamodb:GetItem'], 'arn:aws:dynamodb:eu-west-1:111122223333:table/orders')]),
  Deploy: {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Federated: 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com' },
            Action: 'sts:AssumeRoleWithWebIdentity',
            Condition: {
              StringLike: { 'token.actions.githubusercontent.com:sub': 'repo:acme/shop:ref:refs/heads/main' },
            },
          },
        ],
      },
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
    },
  },
  Policy: {
    Type: 'AWS::IAM::Policy',
    Properties: {
      Roles: [{ Ref: 'WorkerRole' }],
      PolicyDocument: {
        Statement: [
          allow('events:PutEvents', 'arn:aws:events:eu-west-1:111122223333:event-bus/shop', {
            'ForAllValues:StringEquals': { 'events:source': ['shop'] },
            Null: { 'events:source': 'false' },
          }),
        ],
      },
    },
  },
};

const statement = (value: object) => ({ 'Policy.PolicyDocument.Statement.1': value });

describe('access', () => {
  describeFaults(base, [
    {
      rule: 'AdministratorAccess',
      mistake: 'a role with AdministratorAccess',
      change: {
        'WorkerRole.ManagedPolicyArns': [{ 'Fn::Sub': 'arn:${AWS::Partition}:iam::aws:policy/AdministratorAccess' }],
      },
      message: 'has AdministratorAccess',
      openButFine: { 'WorkerRole.ManagedPolicyArns': [OPEN] },
    },
    {
      rule: 'AdministratorAccess',
      mistake: 'every action on everything',
      change: statement(allow('*', '*')),
      message: 'allows every action on everything',
    },
    {
      rule: 'AdministratorAccess',
      mistake: 'an administrator in one branch of a condition',
      change: { 'WorkerRole.ManagedPolicyArns': inProduction([], ['arn:aws:iam::aws:policy/AdministratorAccess']) },
      message: 'has AdministratorAccess',
    },
    {
      rule: 'ServiceWideManagedPolicy',
      mistake: 'a whole service by a managed policy',
      change: { 'WorkerRole.ManagedPolicyArns': ['arn:aws:iam::aws:policy/AmazonS3FullAccess'] },
      message: 'has AmazonS3FullAccess',
      openButFine: { 'WorkerRole.ManagedPolicyArns': [OPEN] },
    },
    {
      rule: 'WildcardAction',
      mistake: 'a whole service by its actions',
      change: statement(allow('sqs:*', 'arn:aws:sqs:eu-west-1:111122223333:jobs')),
      message: 'allows sqs:*',
      openButFine: statement(allow([OPEN as never], 'arn:aws:sqs:eu-west-1:111122223333:jobs')),
    },
    {
      rule: 'WildcardResource',
      mistake: 'every resource where the action knows them',
      change: statement(allow(['dynamodb:PutItem', 'dynamodb:ListTables', 'xray:PutTraceSegments'], '*')),
      message: 'allows dynamodb:PutItem on every resource',
      openButFine: statement(allow('dynamodb:PutItem', OPEN)),
    },
    {
      rule: 'PassRoleWildcard',
      mistake: 'handing out every role',
      change: statement(allow('iam:PassRole', '*', { StringEquals: { 'aws:ResourceTag/team': 'shop' } })),
      message: 'may hand every role of the account to a service',
      openButFine: statement(allow('iam:PassRole', OPEN)),
    },
    {
      rule: 'AllowNotAction',
      mistake: 'a permission by exclusion',
      change: statement({ Effect: 'Allow', NotAction: 'iam:*', Resource: 'arn:aws:sqs:eu-west-1:111122223333:jobs' }),
      message: 'allows by NotAction',
      openButFine: statement({ Effect: 'Deny', NotAction: OPEN, Resource: '*' }),
    },
    {
      rule: 'ForAllValuesAlone',
      mistake: 'ForAllValues alone',
      change: { 'Policy.PolicyDocument.Statement.0.Condition.Null': undefined },
      message: 'asks ForAllValues:StringEquals of events:source alone',
      openButFine: {
        'Policy.PolicyDocument.Statement.0.Condition.ForAllValues:StringEquals': { 'events:source': OPEN },
      },
    },
    {
      rule: 'OidcTrustSubject',
      mistake: 'a role for every repository',
      change: {
        'Deploy.AssumeRolePolicyDocument.Statement.0.Condition': {
          StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' },
        },
      },
      message: 'trusts everybody at its identity provider',
      openButFine: {
        'Deploy.AssumeRolePolicyDocument.Statement.0.Condition': {
          StringLike: { 'token.actions.githubusercontent.com:sub': OPEN },
        },
      },
    },
    {
      rule: 'OidcTrustSubject',
      mistake: 'a condition that says nothing of the subject',
      change: { 'Deploy.AssumeRolePolicyDocument.Statement.0.Condition': undefined },
      message: 'trusts everybody at its identity provider',
      open: { 'Deploy.AssumeRolePolicyDocument.Statement.0.Condition': OPEN },
    },
    {
      rule: 'ResourcePolicyPublic',
      mistake: 'a role for everybody',
      change: { 'WorkerRole.AssumeRolePolicyDocument.Statement.0.Principal': { AWS: '*' } },
      message: 'allows sts:AssumeRole to everybody',
      openButFine: { 'WorkerRole.AssumeRolePolicyDocument.Statement.0.Principal': { AWS: OPEN } },
    },
  ]);
});

describe('policies that are fine', () => {
  describeFaults(
    {
      ...goodFunction('Worker', [
        allow(['kms:Decrypt'], '*', { StringEquals: { 'kms:ViaService': 'sqs.eu-west-1.amazonaws.com' } }),
      ]),
      Reader: goodRole('lambda.amazonaws.com', [
        allow(['s3:GetObject*', 's3:List*'], ['arn:aws:s3:::files', 'arn:aws:s3:::files/*']),
      ]),
    },
    [],
  );
});
