import { eachProperty } from '../../each-property';
import { booleans, type Rule } from '../../rule';

export const identityPoolGuests: Rule = {
  id: 'IdentityPoolGuests',
  severity: 'error',
  title: 'An identity pool gives AWS credentials to signed-in users only',
  why: 'Anyone on the internet gets AWS credentials with the permissions of the guest role.',
  fix: 'set AllowUnauthenticatedIdentities to false',
  source: 'https://docs.aws.amazon.com/cognito/latest/developerguide/identity-pools.html',
  check: eachProperty(['AWS::Cognito::IdentityPool'], 'AllowUnauthenticatedIdentities', booleans, (guests) =>
    guests ? 'gives AWS credentials to anyone' : undefined,
  ),
};
