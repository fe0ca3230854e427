import { snapStartSupported } from '../../../../lib/rules/rules/functions/snap-start-supported';
import { describeFaults, OPEN } from '../faults';
import { functions } from './templates';

describeFaults(snapStartSupported, functions, [
  {
    mistake: 'SnapStart on Node.js',
    change: { 'Other.SnapStart': { ApplyOn: 'PublishedVersions' } },
    message: 'on nodejs24.x, which does not support it',
    open: { 'Other.SnapStart': { ApplyOn: 'PublishedVersions' }, 'Other.Runtime': OPEN },
  },
  {
    mistake: 'SnapStart beside provisioned concurrency',
    change: { 'Worker.SnapStart': { ApplyOn: 'PublishedVersions' }, 'Worker.Runtime': 'java21' },
    message: 'with provisioned concurrency',
  },
  {
    mistake: 'SnapStart with a larger /tmp',
    change: {
      'Other.SnapStart': { ApplyOn: 'PublishedVersions' },
      'Other.Runtime': 'python3.12',
      'Other.EphemeralStorage': { Size: 1024 },
    },
    message: 'with a larger /tmp',
  },
]);
