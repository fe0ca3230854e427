import { topicEncryption } from '../../../../lib/rules/rules/events/topic-encryption';
import { describeFaults, OPEN } from '../faults';
import { queues } from '../queues/templates';

describeFaults(topicEncryption, queues, [
  {
    mistake: 'a topic in the clear',
    change: { 'News.KmsMasterKeyId': undefined },
    message: 'is not encrypted at rest',
    openButFine: { 'News.KmsMasterKeyId': OPEN },
  },
]);
