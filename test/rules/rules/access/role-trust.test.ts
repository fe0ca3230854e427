import { roleTrust } from '../../../../lib/rules/rules/access/role-trust';
import { functions } from '../functions/templates';
import { describeAccepted, describeFaults, OPEN } from '../faults';

const TRUST = 'WorkerRole.AssumeRolePolicyDocument.Statement.0';

describeFaults(roleTrust, functions, [
  {
    mistake: 'a role of another service',
    change: { [`${TRUST}.Principal`]: { Service: 'ec2.amazonaws.com' } },
    message: 'works with Shop/WorkerRole, which does not trust lambda.amazonaws.com',
    open: { [TRUST]: OPEN },
  },
  {
    mistake: 'a role of another service, of a region that only the deployment knows',
    change: { [`${TRUST}.Principal`]: { Service: { 'Fn::Sub': 'states.${Open}.amazonaws.com' } } },
    message: 'which does not trust lambda.amazonaws.com',
    open: { [`${TRUST}.Principal`]: { Service: OPEN } },
  },
  {
    mistake: 'a role of an account that only the deployment knows',
    change: { [`${TRUST}.Principal`]: { AWS: OPEN } },
    message: 'which does not trust lambda.amazonaws.com',
    open: { [`${TRUST}.Principal`]: OPEN },
  },
  {
    mistake: 'a role of a pipeline alone',
    change: {
      [`${TRUST}.Principal`]: { Federated: 'arn:aws:iam::111122223333:oidc-provider/own.example.com' },
      [`${TRUST}.Action`]: 'sts:AssumeRoleWithWebIdentity',
      [`${TRUST}.Condition`]: { StringEquals: { 'own.example.com:sub': 'shop' } },
    },
    message: 'which does not trust lambda.amazonaws.com',
    openButFine: { [`${TRUST}.Principal`]: { Service: { 'Fn::Sub': 'lambda.${AWS::URLSuffix}' } } },
  },
  {
    mistake: 'a role that denies the service what it allows it',
    change: {
      'WorkerRole.AssumeRolePolicyDocument.Statement.1': {
        Effect: 'Deny',
        Principal: { Service: 'lambda.amazonaws.com' },
        Action: 'sts:*',
      },
    },
    message: 'works with Shop/WorkerRole, which denies lambda.amazonaws.com to assume it',
  },
  {
    mistake: 'a role that denies everybody but another service',
    change: {
      'WorkerRole.AssumeRolePolicyDocument.Statement.1': {
        Effect: 'Deny',
        NotPrincipal: { Service: 'ec2.amazonaws.com' },
        Action: 'sts:AssumeRole',
      },
    },
    message: 'which denies lambda.amazonaws.com to assume it',
  },
]);

describeAccepted(roleTrust, functions, [
  {
    accepts: 'a service among others',
    change: { [`${TRUST}.Principal`]: { Service: ['edgelambda.amazonaws.com', 'lambda.amazonaws.com'] } },
  },
  {
    accepts: 'a denial on a condition, or of something else',
    change: {
      'WorkerRole.AssumeRolePolicyDocument.Statement.1': {
        Effect: 'Deny',
        Principal: '*',
        Action: 'sts:AssumeRole',
        Condition: { StringNotEquals: { 'aws:SourceAccount': '111122223333' } },
      },
      'WorkerRole.AssumeRolePolicyDocument.Statement.2': {
        Effect: 'Deny',
        Principal: { AWS: 'arn:aws:iam::111122223333:user/intern' },
        Action: 'sts:AssumeRole',
      },
    },
  },
]);
