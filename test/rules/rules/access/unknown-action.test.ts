import { POLICY_TEMPLATES } from '../../../../lib/core/model/sam/policy-templates';
import { unknownAction } from '../../../../lib/rules/rules/access/unknown-action';
import { describeAccepted, describeFaults, OPEN } from '../faults';
import { allow } from '../parts';
import { policies, statement } from './templates';

const table = 'arn:aws:dynamodb:eu-west-1:111122223333:table/orders';

describeFaults(unknownAction, policies, [
  {
    mistake: 'an action with a typing error',
    change: statement(allow('dynamodb:GetItems', table)),
    message: 'names dynamodb:GetItems, which is no action of AWS',
    openButFine: statement(allow('dynamodb:GetItem', OPEN)),
  },
  {
    mistake: 'a service that there is not',
    change: statement(allow('dynamo:GetItem', table)),
    message: 'names dynamo:GetItem, which is no action of AWS',
  },
  {
    mistake: 'a denial of what there is not',
    change: statement({ Effect: 'Deny', Action: 's3:DropBucket', Resource: '*' }),
    message: 'names s3:DropBucket',
  },
]);

describeAccepted(unknownAction, policies, [
  {
    accepts: 'names in any case, and patterns',
    change: statement(allow(['DynamoDB:getitem', 'dynamodb:Batch?et*'], table)),
  },
  {
    accepts: 'what a policy template of SAM says',
    change: statement(allow(POLICY_TEMPLATES.SQSPollerPolicy![0]!.actions, table)),
  },
]);
