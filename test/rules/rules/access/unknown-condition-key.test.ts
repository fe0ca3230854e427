import { unknownConditionKey } from '../../../../lib/rules/rules/access/unknown-condition-key';
import { describeAccepted, describeFaults, OPEN } from '../faults';
import { allow } from '../parts';
import { policies, statement } from './templates';

const table = 'arn:aws:dynamodb:eu-west-1:111122223333:table/orders';
const asking = (condition: object) => statement(allow('dynamodb:GetItem', table, condition));

describeFaults(unknownConditionKey, policies, [
  {
    mistake: 'a global key with a typing error',
    change: asking({ StringEquals: { 'aws:PrincipalOrgId2': 'o-1' } }),
    message: 'uses aws:PrincipalOrgId2, which is not an AWS condition key',
    openButFine: asking({ StringEquals: { 'aws:PrincipalOrgID': OPEN } }),
  },
  {
    mistake: 'a key that its service has not',
    change: asking({
      'ForAllValues:StringEquals': { 'dynamodb:LeadingKey': ['a'] },
      Null: { 'dynamodb:LeadingKey': 'false' },
    }),
    message: 'uses dynamodb:LeadingKey, which is not an AWS condition key',
  },
]);

describeAccepted(unknownConditionKey, policies, [
  {
    accepts: 'keys in any case, keys that go on with a name, and those of providers of identities',
    change: asking({
      StringEquals: {
        'AWS:sourceaccount': '1',
        'aws:PrincipalTag/team': 'a',
        'aws:ResourceTag/a:b': 'a',
        'token.actions.githubusercontent.com:sub': 'repo',
        'cognito-identity.amazonaws.com:aud': 'x',
        's3:prefix': 'a',
        'kms:EncryptionContext:tenant': 'a',
        'secretsmanager:ResourceTag/team': 'a',
        'logs:DestinationArn': 'a',
        'iot:ClientId': 'a',
      },
    }),
  },
]);
