import { secretRotation } from '../../../../lib/rules/rules/data/secret-rotation';
import { describeFaults, OPEN } from '../faults';
import { stores } from './templates';

describeFaults(secretRotation, stores, [
  {
    mistake: 'a password that never changes',
    change: { Rotation: undefined },
    message: 'is the password of a database and is never rotated',
    openButFine: { Rotation: undefined, 'Attachment.SecretId': OPEN },
  },
]);
