import { at, eachBranch, inWords } from '../../../core/model/select';
import { each, type Rule } from '../../rule';

/** CDK turns on encryption wherever the region supports it, under a condition of this name. */
const WITHOUT_ENCRYPTION = 'AwsCdkKinesisEncryptedStreamsUnsupportedRegions';

export const streamEncryption: Rule = {
  id: 'StreamEncryption',
  severity: 'error',
  title: 'A stream is encrypted at rest',
  why: 'Kinesis keeps records for a day or more, and does not encrypt them by itself.',
  fix: 'set StreamEncryption with KeyId alias/aws/kinesis or a key of your own',
  source: 'https://docs.aws.amazon.com/streams/latest/dev/server-side-encryption.html',
  check: each(['AWS::Kinesis::Stream'], function* (resource) {
    const property = 'StreamEncryption';
    for (const { value, when } of eachBranch(at(resource, property))) {
      if (value !== undefined || when[WITHOUT_ENCRYPTION]) continue;
      yield { resource, property, message: `is not encrypted at rest${inWords(when)}` };
    }
  }),
};
