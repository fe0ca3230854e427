import { POLICY_TEMPLATES } from '../../../../lib/core/model/sam/policy-templates';
import { unknownAction } from '../../../../lib/rules/rules/access/unknown-action';
import { describeAccepted, describeFaults, OPEN } from '../faults';
import { allow } from '../parts';
import { policies, statement } from './templates';

const table = 'arn:aws:dynamodb:eu-west-1:111122223333:table/orders';

const certificates = (...Actions: string[]) => ({
  Permission: {
    Type: 'AWS::ACMPCA::Permission',
    Properties: {
      Actions,
      Principal: 'acm.amazonaws.com',
      SourceAccount: '111122223333',
      CertificateAuthorityArn: 'arn:aws:acm-pca:eu-west-1:111122223333:certificate-authority/a',
    },
  },
});

describeFaults(unknownAction, policies, [
  {
    mistake: 'an action with a typing error',
    change: statement(allow('dynamodb:GetItems', table)),
    message: 'names dynamodb:GetItems, which is not an AWS action (as of 2026-09-26)',
    openButFine: statement(allow('dynamodb:GetItem', OPEN)),
  },
  {
    mistake: 'a service that there is not',
    change: statement(allow('dynamo:GetItem', table)),
    message: 'names dynamo:GetItem, which is not an AWS action (as of 2026-09-26)',
  },
  {
    mistake: 'a denial of what there is not',
    change: statement({ Effect: 'Deny', Action: 's3:DropBucket', Resource: '*' }),
    message: 'names s3:DropBucket',
  },
  {
    mistake: 'an action of a certificate authority that there is not',
    change: certificates('IssueCertificates'),
    message: 'names acm-pca:IssueCertificates',
    open: {
      Share: {
        Type: 'AWS::RAM::ResourceShare',
        Properties: { Name: 's', ResourceArns: [table], Principals: ['222222222222'] },
      },
    },
  },
]);

describeAccepted(unknownAction, policies, [
  {
    accepts: 'what only a guide of AWS names',
    change: statement(allow('mediaconnect:ManagedAddOutput', table.replace('dynamodb', 'mediaconnect'))),
  },
  { accepts: 'actions that stand without their service', change: certificates('IssueCertificate', 'ListPermissions') },
  {
    accepts: 'what SNS itself writes',
    change: statement(allow('SNS:Receive', 'arn:aws:sns:eu-west-1:111122223333:a')),
  },
  {
    accepts: 'permissions for the data of OpenSearch Serverless, which are no actions',
    change: {
      Data: {
        Type: 'AWS::OpenSearchServerless::AccessPolicy',
        Properties: {
          Name: 'a',
          Type: 'data',
          Policy: JSON.stringify([
            {
              Rules: [{ ResourceType: 'index', Resource: ['index/a/*'], Permission: ['aoss:ReadDocument'] }],
              Principal: ['arn:aws:iam::111122223333:role/reader'],
            },
          ]),
        },
      },
    },
  },
  {
    accepts: 'names in any case, and patterns',
    change: statement(allow(['DynamoDB:getitem', 'dynamodb:Batch?et*'], table)),
  },
  {
    accepts: 'what a policy template of SAM says',
    change: statement(allow(POLICY_TEMPLATES.SQSPollerPolicy![0]!.actions, table)),
  },
]);
