import { identityPoolGuests } from '../../../../lib/rules/rules/access/identity-pool-guests';
import { describeFaults, OPEN } from '../faults';
import { stores } from '../data/templates';

describeFaults(identityPoolGuests, stores, [
  {
    mistake: 'AWS credentials for everybody',
    change: { 'Identities.AllowUnauthenticatedIdentities': true },
    message: 'gives AWS credentials to anyone',
    open: { 'Identities.AllowUnauthenticatedIdentities': OPEN },
  },
]);
