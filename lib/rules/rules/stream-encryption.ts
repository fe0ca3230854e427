import { eachAbsence } from '../each-property';
import { type Rule } from '../rule';

/** A stream is encrypted at rest. */
export const streamEncryption: Rule = {
  id: 'StreamEncryption',
  severity: 'error',
  title: 'A stream is encrypted at rest',
  why: 'Kinesis keeps records for a day or more, and does not encrypt them by itself.',
  fix: 'set StreamEncryption with KeyId alias/aws/kinesis or a key of your own',
  source: 'https://docs.aws.amazon.com/streams/latest/dev/server-side-encryption.html',
  check: eachAbsence(['AWS::Kinesis::Stream'], 'StreamEncryption', 'is not encrypted at rest'),
};
