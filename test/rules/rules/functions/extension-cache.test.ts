import { extensionCache } from '../../../../lib/rules/rules/functions/extension-cache';
import { describeFaults, OPEN } from '../faults';
import { functions } from './templates';

describeFaults(extensionCache, functions, [
  {
    mistake: 'secrets that are kept for an hour',
    change: { 'Worker.Environment.Variables.SECRETS_MANAGER_TTL': '3600' },
    message: 'asks for 3600 seconds, outside 0 to 300',
    open: { 'Worker.Environment.Variables.SECRETS_MANAGER_TTL': OPEN },
  },
]);
