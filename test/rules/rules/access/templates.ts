import { allow, goodFunction, goodRole } from '../parts';

export const policies = {
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

export const statement = (value: object) => ({ 'Policy.PolicyDocument.Statement.1': value });

/** Policies that are narrow enough. */
export const narrowPolicies = {
  ...goodFunction('Worker', [
    allow(['kms:Decrypt'], '*', { StringEquals: { 'kms:ViaService': 'sqs.eu-west-1.amazonaws.com' } }),
  ]),
  Reader: goodRole('lambda.amazonaws.com', [
    allow(['s3:GetObject*', 's3:List*'], ['arn:aws:s3:::files', 'arn:aws:s3:::files/*']),
  ]),
};
