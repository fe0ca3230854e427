import { oidcTrustSubject } from '../../../../lib/rules/rules/access/oidc-trust-subject';
import { describeAccepted, describeFaults, OPEN } from '../faults';
import { policies } from './templates';

const subject = (value: unknown, operator = 'StringLike', key = 'sub') => ({
  'Deploy.AssumeRolePolicyDocument.Statement.0.Condition': {
    [operator]: { [`token.actions.githubusercontent.com:${key}`]: value },
  },
});
const message = 'trusts every user of its identity provider';

describeFaults(oidcTrustSubject, policies, [
  { mistake: 'a subject of any owner', change: subject('repo:*'), message },
  { mistake: 'one subject of any owner beside others', change: subject(['repo:shop/api:*', 'repo:*/api:*']), message },
  { mistake: 'a part of the name of an owner', change: subject('repo:shop*:ref:refs/heads/main'), message },
  { mistake: 'a repository of any owner', change: subject('*/api', 'StringLike', 'repository'), message },
  { mistake: 'everybody but one', change: subject('repo:evil/api:*', 'StringNotLike'), message },
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

describeAccepted(oidcTrustSubject, policies, [
  { accepts: 'every repository of an owner', change: subject('repo:shop/*') },
  { accepts: 'a workspace of an organization', change: subject('organization:shop:project:*') },
  { accepts: 'a wildcard that is none', change: subject('repo:shop/api:environment:*', 'StringEquals') },
  { accepts: 'an owner without a name, who is nobody', change: subject('repo::*') },
  { accepts: 'a service account', change: subject('system:serviceaccount:shop:*') },
]);
