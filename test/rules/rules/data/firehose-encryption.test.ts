import { firehoseEncryption } from '../../../../lib/rules/rules/data/firehose-encryption';
import { describeAccepted, describeFaults, OPEN } from '../faults';
import { stores } from './templates';

const stream = (properties: object) => ({
  Delivery: { Type: 'AWS::KinesisFirehose::DeliveryStream', Properties: properties },
});

describeFaults(firehoseEncryption, stores, [
  {
    mistake: 'records that wait in the clear',
    change: stream({ DeliveryStreamType: 'DirectPut' }),
    message: 'is not encrypted at rest',
    open: stream({ DeliveryStreamEncryptionConfigurationInput: { KeyType: OPEN } }),
  },
]);

describeAccepted(firehoseEncryption, stores, [
  {
    accepts: 'a stream that is read from, which keeps them',
    change: stream({ DeliveryStreamType: 'KinesisStreamAsSource' }),
  },
  {
    accepts: 'an encrypted one',
    change: stream({ DeliveryStreamEncryptionConfigurationInput: { KeyType: 'AWS_OWNED_CMK' } }),
  },
]);
