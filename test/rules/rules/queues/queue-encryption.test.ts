import { queueEncryption } from '../../../../lib/rules/rules/queues/queue-encryption';
import { describeFaults, OPEN } from '../faults';
import { queues } from './templates';

describeFaults(queueEncryption, queues, [
  {
    mistake: 'a queue whose encryption is switched off',
    change: { 'Jobs.SqsManagedSseEnabled': false },
    message: 'is not encrypted at rest',
    open: { 'Jobs.SqsManagedSseEnabled': OPEN },
  },
]);
