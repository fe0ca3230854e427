import { oidcTrustSubject } from '../../../../lib/rules/rules/access/oidc-trust-subject';
import { describeFaults, OPEN } from '../faults';
import { policies } from './templates';

describeFaults(oidcTrustSubject, policies, [
  {
    mistake: 'a role for every repository',
    change: {
      'Deploy.AssumeRolePolicyDocument.Statement.0.Condition': {
        StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' },
      },
    },
    message: 'trusts every user of its identity provider',
    openButFine: {
      'Deploy.AssumeRolePolicyDocument.Statement.0.Condition': {
        StringLike: { 'token.actions.githubusercontent.com:sub': OPEN },
      },
    },
  },
  {
    mistake: 'a condition that says nothing of the subject',
    change: { 'Deploy.AssumeRolePolicyDocument.Statement.0.Condition': undefined },
    message: 'trusts every user of its identity provider',
    open: { 'Deploy.AssumeRolePolicyDocument.Statement.0.Condition': OPEN },
  },
]);
