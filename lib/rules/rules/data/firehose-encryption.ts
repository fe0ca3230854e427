import { at, inWords, toText } from '../../../core/model/select';
import { each, type Rule, texts } from '../../rule';

const PROPERTY = 'DeliveryStreamEncryptionConfigurationInput.KeyType';

export const firehoseEncryption: Rule = {
  id: 'FirehoseEncryption',
  severity: 'warning',
  title: 'A delivery stream with direct puts is encrypted at rest',
  why: 'Records awaiting delivery, for up to a day if the destination fails, are stored unencrypted.',
  fix: 'set DeliveryStreamEncryptionConfigurationInput.KeyType to AWS_OWNED_CMK or CUSTOMER_MANAGED_CMK',
  source: 'https://docs.aws.amazon.com/firehose/latest/dev/encryption.html',
  check: each(['AWS::KinesisFirehose::DeliveryStream'], function* (stream) {
    // A delivery stream that reads from a Kinesis stream stores nothing itself.
    const type = at(stream, 'DeliveryStreamType');
    if (type !== undefined && toText(type) !== 'DirectPut') return;
    const { values, unknown } = texts(stream, PROPERTY, 'none');
    yield* unknown;
    for (const { value, when } of values) {
      if (value === 'none')
        yield { resource: stream, property: PROPERTY, message: `is not encrypted at rest${inWords(when)}` };
    }
  }),
};
