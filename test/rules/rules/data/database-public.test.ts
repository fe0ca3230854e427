import { databasePublic } from '../../../../lib/rules/rules/data/database-public';
import { describeFaults, OPEN } from '../faults';
import { stores } from './templates';

describeFaults(databasePublic, stores, [
  {
    mistake: 'a database on the internet',
    change: { 'Writer.PubliclyAccessible': true },
    message: 'is reachable from the internet',
    open: { 'Writer.PubliclyAccessible': OPEN },
  },
]);
