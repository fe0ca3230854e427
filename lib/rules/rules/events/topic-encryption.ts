import { eachAbsence } from '../../each-property';
import type { Rule } from '../../rule';

export const topicEncryption: Rule = {
  id: 'TopicEncryption',
  severity: 'warning',
  title: 'A topic is encrypted at rest',
  why: 'SNS keeps messages until they are delivered, and does not encrypt them by itself.',
  fix: 'set KmsMasterKeyId: a key of your own if a service publishes, alias/aws/sns if only your roles do',
  source: 'https://docs.aws.amazon.com/sns/latest/dg/sns-server-side-encryption.html',
  check: eachAbsence(['AWS::SNS::Topic'], 'KmsMasterKeyId', 'is not encrypted at rest'),
};
