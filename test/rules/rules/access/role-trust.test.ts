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
]);

describeAccepted(roleTrust, functions, [
  {
    accepts: 'a service among others',
    change: { [`${TRUST}.Principal`]: { Service: ['edgelambda.amazonaws.com', 'lambda.amazonaws.com'] } },
  },
]);
