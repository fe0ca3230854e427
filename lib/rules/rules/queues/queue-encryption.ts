import { at } from '../../../core/model/select';
import { eachProperty } from '../../each-property';
import { booleans, type Rule } from '../../rule';

export const queueEncryption: Rule = {
  id: 'QueueEncryption',
  severity: 'error',
  title: 'A queue is encrypted at rest',
  why: 'Messages are stored unencrypted when the SQS default encryption is turned off.',
  fix: 'leave SqsManagedSseEnabled out, or set KmsMasterKeyId',
  source: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html',
  check: eachProperty(['AWS::SQS::Queue'], 'SqsManagedSseEnabled', booleans, (enabled, queue) =>
    enabled || at(queue, 'KmsMasterKeyId') !== undefined ? undefined : 'is not encrypted at rest',
  ),
};
