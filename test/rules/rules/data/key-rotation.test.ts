import { keyRotation } from '../../../../lib/rules/rules/data/key-rotation';
import { describeFaults, OPEN } from '../faults';
import { queues } from '../queues/templates';

describeFaults(keyRotation, queues, [
  {
    mistake: 'a key that never changes',
    change: { 'Key.EnableKeyRotation': undefined },
    message: 'is never rotated',
    open: { 'Key.EnableKeyRotation': OPEN },
  },
]);
