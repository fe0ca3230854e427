import { POLICY_TEMPLATES } from '../../../../lib/core/model/sam/policy-templates';
import { actionResource } from '../../../../lib/rules/rules/access/action-resource';
import { arn, describeAccepted, describeFaults, OPEN } from '../faults';
import { allow, tlsOnly } from '../parts';
import { policies, statement } from './templates';

const base = { ...policies, Files: { Type: 'AWS::S3::Bucket', Properties: {} }, ...tlsOnly('Bucket', 'Files') };
const inside = { 'Fn::Sub': '${Files.Arn}/*' };

describeFaults(actionResource, base, [
  {
    mistake: 'objects of a bucket itself',
    change: statement(allow('s3:GetObject', arn('Files'))),
    message: 'allows s3:GetObject on Shop/Files, to which it does not apply',
    openButFine: statement(allow('s3:GetObject', OPEN)),
  },
  {
    mistake: 'a bucket by what is in it',
    change: statement(allow('s3:ListBucket', inside)),
    message: 'allows s3:ListBucket on Shop/Files/*',
  },
  {
    mistake: 'a resource of another service',
    change: statement(allow('dynamodb:GetItem', 'arn:aws:sqs:eu-west-1:111122223333:jobs')),
    message: 'allows dynamodb:GetItem on arn:aws:sqs:eu-west-1:111122223333:jobs',
  },
]);

describeFaults(actionResource, base, [
  {
    mistake: 'an action without resources on one',
    change: statement(allow('ecr:GetAuthorizationToken', 'arn:aws:ecr:eu-west-1:111122223333:repository/x')),
    message: 'allows ecr:GetAuthorizationToken on arn:aws:ecr:eu-west-1:111122223333:repository/x',
  },
]);

describeAccepted(actionResource, base, [
  { accepts: 'all buckets', change: statement(allow('s3:ListAllMyBuckets', 'arn:aws:s3:::*')) },
  {
    accepts: 'a bucket and what is in it',
    change: statement(allow(['s3:GetObject', 's3:ListBucket'], [arn('Files'), inside])),
  },
  {
    accepts: 'everything that begins so',
    change: statement(allow(['s3:GetObject', 's3:ListBucket'], 'arn:aws:s3:::files*')),
  },
  { accepts: 'a role that is passed', change: statement(allow('iam:PassRole', 'arn:aws:iam::111122223333:role/x')) },
  { accepts: 'an assumed role', change: statement(allow('sts:AssumeRole', 'arn:aws:iam::111122223333:role/x')) },
  { accepts: 'a part of an ARN that is open', change: statement(allow('sqs:SendMessage', { 'Fn::Sub': '${Open}:x' })) },
  {
    accepts: 'a bucket whose name is read at deployment',
    change: statement(
      allow(['s3:ListBucket', 's3:GetLifecycleConfiguration'], { 'Fn::Sub': 'arn:aws:s3:::${Files.Open}' }),
    ),
  },
  {
    accepts: 'what a policy template of SAM says',
    change: statement(allow(POLICY_TEMPLATES.SQSPollerPolicy![0]!.actions, inside)),
  },
  {
    accepts: 'an answer to a task of one state machine, as grantTaskResponse of the CDK allows it',
    change: statement(allow('states:SendTaskSuccess', 'arn:aws:states:eu-west-1:111122223333:stateMachine:x')),
  },
]);
