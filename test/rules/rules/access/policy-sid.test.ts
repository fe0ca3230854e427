import { policySid } from '../../../../lib/rules/rules/access/policy-sid';
import { describeAccepted, describeFaults, inProduction, OPEN } from '../faults';
import { allow } from '../parts';
import { policies } from './templates';

const orders = (Sid: unknown, action = 'dynamodb:GetItem') => ({
  ...allow([action], 'arn:aws:dynamodb:eu-west-1:111122223333:table/orders'),
  Sid,
});
const statements = (...list: unknown[]) => ({ 'Policy.PolicyDocument.Statement': list });

describeFaults(policySid, policies, [
  {
    mistake: 'two statements with one Sid',
    change: statements(orders('Read'), orders('Read', 'dynamodb:Query')),
    message: "has a second statement with the Sid 'Read'",
  },
  {
    mistake: 'two statements of a trust policy with one Sid',
    change: {
      'Deploy.AssumeRolePolicyDocument.Statement.0.Sid': 'Main',
      'Deploy.AssumeRolePolicyDocument.Statement.1': {
        Sid: 'Main',
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::111122223333:role/operator' },
        Action: 'sts:AssumeRole',
      },
    },
    message: "has a second statement with the Sid 'Main'",
  },
  {
    mistake: 'a Sid with a hyphen',
    change: statements(orders('read-orders')),
    message: "has the Sid 'read-orders'",
    openButFine: statements(orders(OPEN), orders('Read', 'dynamodb:Query')),
  },
]);

const managed = {
  Type: 'AWS::IAM::ManagedPolicy',
  Properties: { PolicyDocument: { Statement: [orders('Read orders')] } },
};

describeFaults(policySid, policies, [
  {
    mistake: 'a Sid with a space in a managed policy',
    change: { Managed: managed },
    message: "has the Sid 'Read orders'",
  },
  {
    mistake: 'a Sid with a hyphen beside what is known only at deployment',
    change: statements(orders({ 'Fn::Sub': '${Open}-read' })),
    message: 'has the Sid',
  },
]);

describeAccepted(policySid, policies, [
  {
    accepts: 'different Sids, a number, and none',
    change: statements(orders('Read'), orders('Read2', 'dynamodb:Query'), orders(''), orders(3)),
  },
  {
    accepts: 'one Sid for two statements of which one exists',
    change: statements(inProduction(orders('Read')), inProduction({ Ref: 'AWS::NoValue' }, orders('Read'))),
  },
]);
