import { encryptedTransport } from '../../../../lib/rules/rules/data/encrypted-transport';
import { describeFaults, OPEN } from '../faults';
import { bucketWithFunction } from '../events/templates';
import { queues } from '../queues/templates';

describeFaults(encryptedTransport, bucketWithFunction, [
  {
    mistake: 'a bucket that answers plain HTTP',
    change: { BucketPolicy: undefined },
    message: 'no AWS::S3::BucketPolicy denies them',
  },
]);

describeFaults(encryptedTransport, queues, [
  {
    mistake: 'a queue that answers plain HTTP',
    change: { JobsDeadPolicy: undefined },
    message: 'no AWS::SQS::QueuePolicy denies them',
    openButFine: { 'JobsDeadPolicy.PolicyDocument.Statement.0.Action': OPEN },
  },
]);
