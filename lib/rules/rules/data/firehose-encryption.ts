import { at, inWords, toText } from '../../../core/model/select';
import { each, type Rule, texts } from '../../rule';

const PROPERTY = 'DeliveryStreamEncryptionConfigurationInput.KeyType';

/** What is put into a delivery stream is encrypted at rest. */
export const firehoseEncryption: Rule = {
  id: 'FirehoseEncryption',
  severity: 'warning',
  title: 'A delivery stream with direct puts is encrypted at rest',
  why: 'What waits to be delivered, for up to a day when the destination fails, is stored unencrypted.',
  fix: 'set DeliveryStreamEncryptionConfigurationInput.KeyType to AWS_OWNED_CMK or CUSTOMER_MANAGED_CMK',
  source: 'https://docs.aws.amazon.com/firehose/latest/dev/encryption.html',
  check: each(['AWS::KinesisFirehose::DeliveryStream'], function* (stream) {
    // One that reads from a stream keeps nothing of its own.
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
